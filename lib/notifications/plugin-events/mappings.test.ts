import { describe, expect, test } from "vitest";
import type { PluginEventTold } from "@/lib/integrations/events";
import { catalog } from "../catalog";
import { keptOf, subjectOf, threadOf } from "./mappings";
import { linkedPath } from "./paths";
import { pluginFactsOf } from "./rules";

const issue: NonNullable<PluginEventTold["facts"]["issue"]> = {
  id: "10042",
  key: "MOIM-12",
  summary: "Fix the door",
  url: null,
  project: { id: "1", key: "MOIM", name: "Moim" },
  type: "Bug",
  status: "To Do",
  statusCategory: "new",
  priority: null,
  assignee: null,
  reporter: null,
  labels: [],
  updatedAt: null,
};
const told = (facts: Partial<PluginEventTold["facts"]> = {}, more: Partial<PluginEventTold> = {}): PluginEventTold => ({
  actor: { memberId: null, name: "Ada" },
  connection: { id: "con_01j", plugin: "jira", name: "Shop" },
  webhookId: "whk_1",
  subscriptions: [{ id: "sub_1", name: "Bugs" }],
  memberIds: ["mbr_1"],
  ...more,
  facts: {
    event: "jira.issue.updated",
    sourceEvent: "jira:issue_updated",
    actor: null,
    entity: "issue:10042",
    title: "MOIM-12 Fix the door",
    text: "The whole description",
    url: "https://shop.example/browse/MOIM-12",
    project: null,
    issue,
    changes: [],
    comment: null,
    mentions: [],
    occurredAt: "2031-03-03T00:00:00.000Z",
    ...facts,
  },
});
const kept = (facts: Partial<PluginEventTold["facts"]> = {}, more: Partial<PluginEventTold> = {}) => pluginFactsOf(keptOf(told(facts, more)));

describe("what is kept of a stranger's event", () => {
  test("is one line each, without what turns the text around it or hides in it", () => {
    const { title, actor, changes, subscriptions } = kept(
      { title: "MOIM-12 \u202Eevil\u2066\nBcc: x\u0000", changes: [{ field: "sta\u200Ftus", from: " ", to: "Do\u0007ne", fromId: null, toId: null }] },
      { actor: { memberId: null, name: "\u202EadA" }, subscriptions: [{ id: "sub_1", name: "Bu\u2069gs" }] },
    );
    expect({ title, actor: actor?.name, changes, subscriptions }).toEqual({
      title: "MOIM-12 evil Bcc: x",
      actor: "adA",
      changes: [{ field: "status", from: null, to: "Done" }],
      subscriptions: [{ name: "Bugs" }],
    });
  });

  test("is never a whole description, nor more changes and names than somebody reads", () => {
    const long = "x".repeat(50_000);
    const many = Array.from({ length: 200 }, (_, index) => ({ field: `f${index}`, from: null, to: long, fromId: null, toId: null }));
    const facts = keptOf(told({ title: long, text: long, changes: many, comment: { id: "1", text: long, author: null } }, { subscriptions: many.map(({ field }) => ({ id: field, name: long })) }));
    expect(JSON.stringify(facts).length).toBeLessThan(4000);
    expect(pluginFactsOf(facts).changes[0]).toEqual({ field: "f0", from: null, to: null });
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "https://user:pw@evil.example/", "//evil.example", "https://evil.example/\u0000", `https://evil.example/${"x".repeat(5000)}`])("has no address that is %j", (url) => {
    expect(kept({ url }).url).toBeNull();
  });

  test("keeps a web address as it is", () => {
    expect(kept().url).toBe("https://shop.example/browse/MOIM-12");
  });
});

describe("who is meant in person", () => {
  const assignment = [{ field: "assignee", from: null, to: "Me", fromId: null, toId: "acc_1" }];
  test.each<[string, Partial<PluginEventTold["facts"]>, string]>([
    ["is assigned", { changes: assignment }, "assigned"],
    ["is assigned what was created for them", { event: "jira.issue.created", issue: { ...issue, assignee: { id: "acc_1", name: "Me" } } }, "assigned"],
    ["is mentioned", { mentions: ["acc_1"] }, "mentioned"],
    ["is one or the other", { changes: assignment, mentions: ["acc_2"] }, "meant"],
    ["is meant by what says neither", {}, "meant"],
  ])("%s", (_, facts, expected) => {
    expect(kept(facts, { personal: true }).personally).toBe(expected);
    expect(kept(facts).personally).toBeNull();
  });
});

describe("an event of a linked service", () => {
  const row = catalog.find(({ type }) => type === "jira.issue.updated");
  const read = (more: Partial<PluginEventTold> = {}, facts: Partial<PluginEventTold["facts"]> = {}) => row?.read(told(facts, more));

  test("is for those it names, one line an issue, and what is personal is a category and a mail of its own", () => {
    const recipient = { memberId: "mbr_1", participantId: null, email: null, name: null };
    const [plain, personal] = [read(), read({ personal: true })];
    expect(plain).toMatchObject({ category: "issues", thread: "con_01j:issue:10042", subjectId: "con_01j/MOIM-12", audience: { memberIds: ["mbr_1"] }, mergeSeconds: 120 });
    expect(personal).toMatchObject({ category: "mentions", thread: "con_01j:issue:10042" });
    expect(plain?.mergeKeyOf(recipient)).not.toBe(personal?.mergeKeyOf(recipient));
    expect(plain?.mergeKeyOf(recipient)).not.toBe(plain?.mergeKeyOf({ ...recipient, memberId: "mbr_2" }));
  });

  test("leads to the issue's page here, and a key that is none leads nowhere else", () => {
    expect(linkedPath("jira.issue.updated", subjectOf(told()))).toBe("/issues/con_01j/MOIM-12");
    for (const key of ["../../evil", "A-1/../x", "moim-1", "A-", "https://x-1"]) {
      const odd = told({ issue: { ...issue, key } });
      expect(subjectOf(odd)).toBe(threadOf(odd));
      expect(linkedPath("jira.issue.updated", subjectOf(odd))).toBeNull();
    }
    expect(linkedPath("jira.issue.deleted", "con_01j/MOIM-12")).toBeNull();
  });

  test("that was moved keeps its line", () => {
    expect(read({}, { issue: { ...issue, key: "DOOR-1" } })?.thread).toBe(read()?.thread);
  });
});
