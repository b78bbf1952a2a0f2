import { describe, expect, test } from "vitest";
import { factsOf, issueFactsOf } from "../testing";
import { announcements, authorsOf, concerned, forReading, meant, sightNeeded, type Wish } from "./rules";

const wish = (id: string, target: Wish["target"], memberIds: string[]): Wish => ({ id, name: id, target, memberIds, byManager: target !== "me" });
const reader = (memberId: string, personal = false) => ({ memberId, personal });

describe("who is meant", () => {
  test("everybody once, less whoever did it", () => {
    expect(meant([wish("a", "people", ["m2", "m1"]), wish("b", "me", ["m1"])], new Set(["m2"]))).toEqual(["m1"]);
  });

  test("the author of a comment did it, whoever's name the webhook carries; of an issue, only the actor", () => {
    const comment = { id: "1", text: "", author: { id: "writer", name: "" } };
    expect(authorsOf(factsOf({ event: "jira.comment.created", actor: { id: "robot", name: "" }, comment }))).toEqual(["robot", "writer"]);
    expect(authorsOf(factsOf({ event: "jira.issue.updated", actor: { id: "robot", name: "" }, comment }))).toEqual(["robot"]);
  });

  test("in person: newly assigned or mentioned, not merely the assignee", () => {
    const issue = issueFactsOf({ assignee: { id: "a", name: "" } });
    const change = { field: "assignee", from: null, to: "A", fromId: null, toId: "a" };
    expect(concerned(factsOf({ issue }), "a")).toBe(false);
    expect(concerned(factsOf({ issue, changes: [change] }), "a")).toBe(true);
    expect(concerned(factsOf({ event: "jira.issue.created", issue }), "a")).toBe(true);
    expect(concerned(factsOf({ issue, mentions: ["b"] }), "b")).toBe(true);
    expect(concerned(factsOf({ issue, mentions: ["b"], changes: [change] }), null)).toBe(false);
  });
});

describe("what has to be seen", () => {
  test.each([
    ["an issue", factsOf(), { entity: "issue:10101", projectId: "10000", gone: false }],
    ["a deleted issue", factsOf({ event: "jira.issue.deleted" }), { entity: "issue:10101", projectId: "10000", gone: true }],
    ["work on an issue that is not shown", factsOf({ event: "jira.worklog.created", issue: null, entity: "issue:7", project: null }), { entity: "issue:7", projectId: null, gone: false }],
    ["a comment that only some may read", factsOf({ comment: { id: "5", text: "", author: null, restricted: true } }), { entity: "comment:10101/5", projectId: null, gone: false }],
    ["a comment whose issue is not known: nobody can tell", factsOf({ issue: null, project: null, entity: "comment:5", comment: { id: "5", text: "", author: null } }), { entity: "comment:5", projectId: null, gone: true }],
    ["a version's project", factsOf({ issue: null, entity: "version:1", project: { id: "10000", key: "MOIM", name: "" } }), { entity: "project:10000", projectId: "10000", gone: false }],
    ["nothing that could be asked about", factsOf({ issue: null, project: null, entity: "sprint:1" }), null],
  ])("%s", (_, facts, needed) => expect(sightNeeded(facts)).toEqual(needed));
});

describe("what is said", () => {
  test("an own wish is named to nobody else", () => {
    const wishes = [wish("mine", "me", ["m1"]), wish("ours", "people", ["m1", "m2"])];
    expect(announcements([reader("m1"), reader("m2")], wishes)).toEqual([{ memberIds: ["m1", "m2"], subscriptions: [{ id: "ours", name: "ours" }] }]);
    expect(announcements([reader("m1")], wishes)).toMatchObject([{ subscriptions: [{ id: "mine" }, { id: "ours" }] }]);
  });

  test("what was arranged for some is named to none of the others", () => {
    const wishes = [wish("watch m1 closely", "people", ["m1"]), wish("everybody", "workspace", ["m1", "m2", "m3"])];
    expect(announcements([reader("m1"), reader("m2")], wishes)).toEqual([{ memberIds: ["m1", "m2"], subscriptions: [{ id: "everybody", name: "everybody" }] }]);
  });

  test("nobody stands in two events, and thousands are no single message", () => {
    const readers = Array.from({ length: 4_500 }, (_, number) => reader(`m${number}`, number % 10 === 0));
    const parts = announcements(readers, []);
    expect(parts.flatMap(({ memberIds }) => memberIds).sort()).toEqual(readers.map(({ memberId }) => memberId).sort());
    for (const { memberIds } of parts) expect(memberIds.length).toBeLessThanOrEqual(2_000);
    expect(announcements([], [])).toEqual([]);
  });

  test("a huge text is cut between characters", () => {
    const { text } = forReading(factsOf({ text: `${"a".repeat(1_999)}😀😀` }));
    expect(text).toBe(`${"a".repeat(1_999)}…`);
  });
});
