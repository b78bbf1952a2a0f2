import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PluginFacts } from "../events";
import { eventFilterInput, type EventFilter } from "./inputs";
import { matches } from "./rules";
import { factsOf, issueFactsOf } from "./testing";

const filterOf = (filter: Partial<EventFilter> = {}) => eventFilterInput.parse(filter);
const any = filterOf();

const name = fc.constantFrom("MOIM", "moim", "Ops", "10000", "Bug", "bug", "To Do", "Done", "문서", "Ünïcode", "a", "b");
const names = fc.array(name, { maxLength: 3 });
const accountId = fc.constantFrom("712020:a", "712020:b", "712020:c");
const assignee = fc.option(accountId.map((id) => ({ id, name: id })));

const facts: fc.Arbitrary<PluginFacts> = fc
  .record({ event: fc.constantFrom("jira.issue.created", "jira.issue.updated", "jira.comment.created"), key: name, type: name, status: name, labels: names, assignee, summary: fc.string(), comment: fc.option(fc.string()), issue: fc.boolean() })
  .map(({ event, key, type, status, labels, assignee, summary, comment, issue }) =>
    factsOf({
      event,
      ...(issue ? { issue: issueFactsOf({ project: { id: "10000", key, name: key }, type, status, labels, assignee, summary }) } : { issue: null, project: null, entity: "sprint:1" }),
      comment: comment === null ? null : { id: "1", text: comment, author: null },
    }),
  );
const filter: fc.Arbitrary<EventFilter> = fc.record({
  projects: names,
  issueTypes: names,
  statuses: names,
  labels: names,
  assignees: fc.array(fc.oneof(accountId, fc.constantFrom("me", "none")), { maxLength: 3 }),
  text: fc.oneof(fc.constant(""), name, fc.string({ maxLength: 3 })).map((text) => text.trim()),
});
const events = fc.array(fc.constantFrom("jira.issue.created", "jira.issue.updated"), { maxLength: 2 });
const owner = fc.option(accountId);

describe("properties of matching", () => {
  test("an empty wish means everything", () => {
    fc.assert(fc.property(facts, owner, (facts, owner) => matches(any, [], facts, owner)));
  });

  test("a further restriction never adds a match", () => {
    fc.assert(
      fc.property(facts, filter, filter, events, owner, (facts, filter, more, events, owner) => {
        for (const field of Object.keys(filter) as (keyof EventFilter)[]) {
          const loose = { ...filter, [field]: field === "text" ? "" : [] };
          expect(!matches({ ...loose, [field]: more[field] }, events, facts, owner) || matches(loose, events, facts, owner)).toBe(true);
        }
        expect(!matches(filter, events, facts, owner) || matches(filter, [], facts, owner)).toBe(true);
      }),
    );
  });

  test("a further alternative in one list never takes a match away", () => {
    fc.assert(
      fc.property(facts, filter, name, owner, (facts, filter, extra, owner) => {
        for (const field of ["projects", "issueTypes", "statuses", "labels"] as const) {
          if (filter[field].length === 0) continue;
          expect(!matches(filter, [], facts, owner) || matches({ ...filter, [field]: [...filter[field], extra] }, [], facts, owner)).toBe(true);
        }
      }),
    );
  });

  test("neither case, nor the order of a list, nor the way a letter is composed makes a difference", () => {
    const altered = (text: string) => text.toUpperCase().normalize("NFD");
    fc.assert(
      fc.property(facts, filter, events, owner, (facts, filter, events, owner) => {
        const other = { ...filter, text: altered(filter.text) };
        for (const field of ["projects", "issueTypes", "statuses", "labels"] as const) other[field] = filter[field].map(altered).reverse();
        // Capital sharp s and the like have no way back.
        fc.pre(altered(filter.text).toLowerCase().normalize("NFKC") === filter.text.toLowerCase().normalize("NFKC"));
        expect(matches(other, [...events].reverse(), facts, owner)).toBe(matches(filter, events, facts, owner));
      }),
    );
  });
});

describe("what a filter says", () => {
  const issue = issueFactsOf({ key: "MOIM-12", summary: "Fix the Door", type: "Bug", status: "In Progress", labels: ["Front", "urgent"], assignee: { id: "712020:a", name: "A" } });
  const event = factsOf({ event: "jira.comment.created", issue, comment: { id: "1", text: "Needs a new hinge", author: null } });
  const says = (filter: Partial<EventFilter>, owner: string | null = null, facts = event) => matches(filterOf(filter), [], facts, owner);

  test.each<[string, Partial<EventFilter>, boolean]>([
    ["a project by its key", { projects: ["moim"] }, true],
    ["a project by its id, which does not move", { projects: ["10000"] }, true],
    ["another project", { projects: ["OPS"] }, false],
    ["one of several", { projects: ["OPS", "MOIM"] }, true],
    ["a type", { issueTypes: ["bug"] }, true],
    ["a status", { statuses: ["in progress"] }, true],
    ["any of the labels", { labels: ["back", "URGENT"] }, true],
    ["no part of a label", { labels: ["urg"] }, false],
    ["words of the summary", { text: "the door" }, true],
    ["the key", { text: "moim-12" }, true],
    ["words of the comment", { text: "hinge" }, true],
    ["nothing of what is said elsewhere", { text: "In Progress" }, false],
    ["everything at once", { projects: ["MOIM"], issueTypes: ["Bug"], statuses: ["In Progress"], labels: ["front"], text: "door" }, true],
    ["all that it names", { projects: ["MOIM"], issueTypes: ["Story"] }, false],
  ])("%s", (_, filter, expected) => expect(says(filter)).toBe(expected));

  test("`me` is the owner's account, and nobody when they have none", () => {
    expect(says({ assignees: ["me"] }, "712020:a")).toBe(true);
    expect(says({ assignees: ["me"] }, "712020:b")).toBe(false);
    expect(says({ assignees: ["me"] }, null)).toBe(false);
    expect(says({ assignees: ["me"] }, null, factsOf({ issue: { ...issue, assignee: null } }))).toBe(false);
  });

  test("`none` is an issue without an assignee, not something that is no issue", () => {
    expect(says({ assignees: ["none"] }, null, factsOf({ issue: { ...issue, assignee: null } }))).toBe(true);
    expect(says({ assignees: ["none"] })).toBe(false);
    expect(says({ assignees: ["none"] }, null, factsOf({ issue: null }))).toBe(false);
  });

  test("what is no issue has neither type, status nor labels", () => {
    const sprint = factsOf({ event: "jira.sprint.started", issue: null, project: null, entity: "sprint:7", title: "Sprint 7" });
    expect(says({ issueTypes: ["Bug"] }, null, sprint)).toBe(false);
    expect(says({ text: "sprint" }, null, sprint)).toBe(true);
    expect(matches(any, ["jira.sprint.started"], sprint, null)).toBe(true);
    expect(matches(any, ["jira.sprint.closed"], sprint, null)).toBe(false);
  });
});
