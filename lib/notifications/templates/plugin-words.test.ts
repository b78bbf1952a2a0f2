import { describe, expect, test } from "vitest";
import type { PluginType } from "../plugin-events/rules";
import { happeningOf, pluginBrief, pluginCount, pluginDetail, pluginDone, pluginLine, pluginLineOfMany, pluginWhy } from "./plugin-words";
import { readerOf } from "./reader";

const at = new Date("2031-03-03T00:00:00Z");
const kept = (more: Record<string, unknown> = {}) => ({ actor: { memberId: null, name: "Ada" }, title: "MOIM-12 Fix the door", connection: { id: "con_1", name: "Shop" }, changes: [], ...more });
const one = (more: Record<string, unknown> = {}, type: PluginType = "jira.issue.updated") => happeningOf({ payload: kept(more), occurredAt: at }, type);
const change = (field: string, from: string | null, to: string | null) => ({ field, from, to });
const by = (name: string) => ({ actor: { memberId: null, name } });
const words = (locale: string) => readerOf({ locale, timeZone: "UTC", hourCycle: "h23" });

const done = { changes: [change("status", "To Do", "Done")] };
const several = [one({ ...by("Bora"), personally: "assigned", changes: [change("assignee", null, "Me")] }), one(done), one({ comment: "Hm" }, "jira.comment.created"), one({ changes: [change("labels", null, "door"), change("Story Points", "3", "5")] })];

describe.each([
  ["en", "Ada moved MOIM-12 Fix the door to Done", "4 changes to MOIM-12 Fix the door by Bora and Ada", "status: To Do → Done · assigned to you · 1 comment · labels: door · 1 more", "Your subscription: Bugs, Doors"],
  ["ko", "Ada 님이 MOIM-12 Fix the door 상태를 Done(으)로 변경했습니다", "MOIM-12 Fix the door: Bora 님과 Ada 님의 변경 4건", "상태: To Do → Done · 내게 배정 · 댓글 1개 · 레이블: door · 외 1건", "내 구독: Bugs, Doors"],
  ["fr", "Ada a fait passer MOIM-12 Fix the door à l’état Done", "4 modifications de MOIM-12 Fix the door par Bora et Ada", "état\u00A0: To Do → Done · vous est attribué · 1 commentaire · étiquettes\u00A0: door · 1 autre", "Votre abonnement\u00A0: Bugs, Doors"],
])("in %s", (locale, single, many, detail, why) => {
  test("one change names itself, several are counted with who did them and what came of them", async () => {
    const reader = await words(locale);
    const facts = one(done).facts;
    expect(pluginLine("jira.issue.updated", facts, reader)).toBe(single);
    expect(pluginLineOfMany([one(done)], reader)).toBe(single);
    expect(pluginLineOfMany(several, reader)).toBe(many);
    expect(pluginDetail(several, reader)).toBe(detail);
    expect(pluginWhy(one({ subscriptions: [{ name: "Bugs" }, { name: "Doors" }, { name: "Bugs" }] }).facts, reader)).toBe(why);
  });

  test.each(["assigned", "mentioned", "meant"])("what is addressed to the reader says so: %s", async (personally) => {
    const reader = await words(locale);
    const types = ["jira.issue.created", "jira.issue.updated", "jira.comment.created"] as const;
    for (const type of types) expect(pluginLine(type, one({ personally }).facts, reader)).not.toBe(pluginLine(type, one().facts, reader));
  });
});

describe("a line", () => {
  test.each<[string, Record<string, unknown>, PluginType, string]>([
    ["of an assignment", { changes: [change("assignee", "Ada", "Bora")] }, "jira.issue.updated", "Ada assigned MOIM-12 Fix the door to Bora"],
    ["of one taken back", { changes: [change("assignee", "Bora", null)] }, "jira.issue.updated", "Ada unassigned MOIM-12 Fix the door"],
    ["of anything else", { changes: [change("labels", null, "x")] }, "jira.issue.updated", "Ada changed MOIM-12 Fix the door"],
    ["of nobody known", { actor: { memberId: null, name: "" } }, "jira.issue.deleted", "Somebody deleted MOIM-12 Fix the door"],
    ["of another sender", {}, "plugin.event", "Shop: MOIM-12 Fix the door"],
    // A status is a stranger's text, and no part of the sentence's grammar.
    ["with braces in a value", { changes: [change("status", "{a}", "{to, select, x {y}}")] }, "jira.issue.updated", "Ada moved MOIM-12 Fix the door to {to, select, x {y}}"],
  ])("%s", async (_, more, type, expected) => {
    expect(pluginLine(type, one(more, type).facts, await words("en"))).toBe(expected);
  });

  test("of what was deleted says only that, and of many people how many", async () => {
    const reader = await words("en");
    expect(pluginLineOfMany([one({}, "jira.issue.deleted"), one(done)], reader)).toBe("Ada deleted MOIM-12 Fix the door");
    expect(pluginLineOfMany(["Ada", "Bora", "Cyd", "Ada"].map((name) => one(by(name))), reader)).toBe("4 changes to MOIM-12 Fix the door by 3 people");
    expect(pluginLineOfMany([one({}, "plugin.event"), one({}, "plugin.event")], reader)).toBe("Shop: MOIM-12 Fix the door (2 messages)");
  });
});

test("a list says of each event what it did, also of one that says nothing", async () => {
  const reader = await words("en");
  expect(pluginDone(one({ personally: "assigned", changes: [change("assignee", null, "Me"), change("status", "To Do", "Done")] }), reader)).toBe("assigned to you · status: To Do → Done");
  expect(pluginDone(one(), reader)).toBe("changed");
  expect(pluginCount(several, reader)).toBe("4 changes by Bora and Ada");
  expect(pluginCount([one(done)], reader)).toBe("Ada moved MOIM-12 Fix the door to Done");
  expect(pluginBrief(one(done), reader)).toBe("Ada: status: To Do → Done");
  expect(pluginBrief(one({ actor: null }, "plugin.event"), reader)).toBe("Shop: MOIM-12 Fix the door");
  expect(pluginDetail([one()], reader)).toBeNull();
});
