import { describe, expect, test } from "vitest";
import { everyIssue, faultOfFilter } from "./hook-filter";

describe("the filter of a registered webhook", () => {
  test.each([
    everyIssue,
    "project = MOIM",
    "project in (MOIM, DOOR) AND status != Done",
    'project = "My project" and (issuetype = Bug or issuetype = "Sub-task")',
    "assignee = 5b10ac8d82e05b22cc7d4ef5",
    "assignee not in (5b10ac8d82e05b22cc7d4ef5, 'x y')",
    "issue.property[flag].deep = 1",
    "cf[10014] = MOIM-1",
    "issueKey = MOIM-12",
    "priority = High  ",
  ])("%s is taken", (jql) => expect(faultOfFilter(jql)).toBeNull());

  test.each([
    ["", "filter-empty", ""],
    ["   ", "filter-empty", ""],
    ["project = A order by created", "filter-order", "ORDER BY"],
    ["labels = urgent", "filter-field", "labels"],
    ["project = A and summary ~ door", "filter-field", "summary"],
    ["project ~ A", "filter-operator", "~"],
    ["project is not EMPTY", "filter-operator", "is not"],
    ["status was Done", "filter-operator", "was"],
    ["project not like A", "filter-operator", "not like"],
    ["assignee = currentUser()", "filter-function", "currentUser()"],
    ["project =", "filter-unfinished", ""],
    ["project", "filter-unfinished", ""],
    ["project = A and", "filter-unfinished", ""],
    ["project in (A, )", "filter-malformed", ")"],
    ["(project = A", "filter-unfinished", ""],
    ["project = A)", "filter-malformed", ")"],
    ["project = A status = B", "filter-malformed", "status = B"],
    ['project = "A', "filter-malformed", '"A'],
  ])("%j is refused with the reason", (jql, code, found) => expect(faultOfFilter(jql)).toEqual({ code, found }));

  test("even the longest nonsense is answered", () => {
    expect(faultOfFilter("(".repeat(5_000))).toMatchObject({ code: "filter-unfinished" });
    expect(faultOfFilter('"'.repeat(5_001))).not.toBeNull();
  });
});
