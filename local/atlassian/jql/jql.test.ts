import { beforeAll, describe, expect, it } from "vitest";
import { Store } from "../store";
import type { Account, Issue } from "../world/entities";
import { accountIdOf, cloudIdOf, seedWorld } from "../world/seed";
import { faultsOfDynamicFilter } from "./dynamic";
import { find } from "./evaluate";
import { parseJql } from "./parser";

const now = Date.parse("2026-11-21T12:00:00Z");
let store: Store;

beforeAll(async () => {
  store = await Store.open(null);
  seedWorld(store, [], now);
});

function keys(jql: string, who = "ada", at = now): string[] {
  const account = store.get("accounts", accountIdOf(who)) as Account;
  return find(parseJql(jql), { store, siteId: cloudIdOf("maru"), account, now: at }).map(({ key }) => key);
}

describe("JQL", () => {
  it.each([
    ["project = OPS ORDER BY key", ["OPS-1", "OPS-2"]],
    ["project in (OPS, \"Moim\") AND assignee = currentUser()", ["OPS-2"]],
    ["issuekey in (MOIM-1, moim-2) order by key asc", ["MOIM-1", "MOIM-2"]],
    ["key = MOIM-3", ["MOIM-3"]],
    ["key >= MOIM-4 AND project = MOIM ORDER BY key DESC", ["MOIM-5", "MOIM-4"]],
    ["project = MOIM AND status = \"In Progress\"", ["MOIM-1"]],
    ["project = MOIM AND statusCategory != Done ORDER BY key", ["MOIM-1", "MOIM-2", "MOIM-3", "MOIM-5"]],
    ["project = MOIM AND assignee is EMPTY", ["MOIM-5"]],
    ["project = MOIM AND assignee != currentUser() ORDER BY key", ["MOIM-1", "MOIM-2", "MOIM-3", "MOIM-4"]],
    ["reporter = \"nora@maru.example\" AND type = Bug", ["OPS-2"]],
    ["labels = regression", ["MOIM-2"]],
    ["labels not in (regression) AND project = MOIM ORDER BY key", ["MOIM-1", "MOIM-3", "MOIM-4"]],
    ["labels is not EMPTY AND NOT (labels = i18n OR labels = design) ORDER BY key", ["MOIM-1", "MOIM-2"]],
    ["text ~ \"friday release\"", ["MOIM-2"]],
    ["summary ~ \"remind*\"", ["MOIM-2"]],
    ["summary !~ reminder AND project = OPS ORDER BY key", ["OPS-1", "OPS-2"]],
    ["priority > Medium ORDER BY priority DESC", ["OPS-1", "MOIM-2"]],
    ["updated >= -7h", ["OPS-2"]],
    ["updated >= \"-25h\" AND updated < -7h", ["OPS-1"]],
    ["created <= -12d", ["MOIM-1"]],
    ["resolution is not EMPTY", ["MOIM-4"]],
    ["project = MOIM and (status = Done or status = \"In Review\") order by status", ["MOIM-3", "MOIM-4"]],
    ["issue.property[moim].seen = true OR \"Epic Link\" = MOIM-1 OR key = OPS-1", ["OPS-1"]],
    ["project = MOIM && assignee = EMPTY || key = OPS-1 ORDER BY key", ["MOIM-5", "OPS-1"]],
  ])("%s", (jql, expected) => {
    expect(keys(jql)).toEqual(expected);
  });

  it("reads dates in the zone of the profile that asks, and compares minutes", () => {
    const at = Date.parse("2026-11-21T06:00:30Z");
    const [issue] = store.all("issues") as [Issue];
    store.put("issues", { ...issue, updated: at });
    const found = (who: string, jql: string) => keys(`key = MOIM-1 AND ${jql}`, who).length;
    // 06:00 in London is 01:00 in New York and 15:00 in Seoul.
    expect([found("ada", 'updated >= "2026-11-21 01:00"'), found("ada", 'updated >= "2026-11-21 01:01"')]).toEqual([1, 0]);
    expect([found("minjun", 'updated >= "2026/11/21 15:00"'), found("minjun", 'updated > "2026/11/21 15:00"'), found("minjun", "updated >= 2026-11-22")]).toEqual([1, 0, 0]);
    expect(found("minjun", "updated >= startOfDay()")).toBe(1);
    expect(found("minjun", "updated >= startOfDay(1)")).toBe(0);
    store.put("issues", issue);
  });

  it("finds nothing that the asker may not see, and a project of theirs does not exist for others", () => {
    expect(keys("summary ~ offer")).toEqual(["PEOPLE-1"]);
    expect(keys("summary ~ offer", "minjun")).toEqual([]);
    expect(() => keys("project = PEOPLE", "minjun")).toThrow("The value 'PEOPLE' does not exist for the field 'project'.");
    expect(() => keys("key = PEOPLE-1", "minjun")).toThrow("An issue with key 'PEOPLE-1' does not exist for field 'key'.");
  });

  it.each([
    ["colour = red", "Field 'colour' does not exist or you do not have permission to view it."],
    ["project > OPS", "The operator '>' is not supported by the 'project' field."],
    ["summary = x", "The operator '=' is not supported by the 'summary' field."],
    ["project = ", "Expecting either a value, list or function before the end of the query. (line 1, character 11)"],
    ["project OPS", "Expecting operator but got 'OPS'. (line 1, character 9)"],
    ["(project = OPS", "Expecting ')' before the end of the query."],
    ["project = OPS status = Done", "Expecting either 'OR' or 'AND' but got 'status'."],
    ["summary ~ \"open", "has not been completed"],
    ["updated >= yesterday", "Date value 'yesterday' for field 'updated' is invalid."],
    ["assignee in membersOf(\"x\")", "Unable to find JQL function 'membersOf(x)'."],
    ["status = Closed", "The value 'Closed' does not exist for the field 'status'."],
    ["a & b", "reserved JQL character"],
  ])("refuses %s", (jql, message) => {
    expect(() => keys(jql)).toThrow(message);
  });
});

describe("the filter of a dynamic webhook", () => {
  it.each([
    ["project = MOIM AND status != Done", []],
    ["project != null", []],
    ["issueKey in (MOIM-1) OR assignee = \"712020:x\"", []],
    ["issue.property[moim].seen = true AND cf[10014] = MOIM-1", []],
    ["project is not EMPTY", ["Operator is not is unsupported"]],
    ["summary ~ x", ["Clause summary is unsupported", "Operator ~ is unsupported"]],
    ["assignee = currentUser()", ["Function currentUser is unsupported"]],
    ["project = MOIM ORDER BY key", ["Order by is unsupported"]],
    ["  ", ["The JQL filter must not be empty"]],
  ])("%s", (jql, faults) => {
    expect(faultsOfDynamicFilter(jql)).toEqual(faults);
  });
});
