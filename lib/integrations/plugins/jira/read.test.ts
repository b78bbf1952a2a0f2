import { describe, expect, test } from "vitest";
import { pluginFacts, type PluginFacts } from "../../events";
import type { Place } from "../../plugin";
import { excerptMax, plainText } from "./markup";
import { events } from "./names";
import { read } from "./read";

const place: Place = {
  connectionId: "con_1",
  name: "Acme",
  metadata: { cloudId: "cloud", siteUrl: "https://acme.atlassian.net/" },
  receivedAt: new Date("2026-11-21T12:00:00Z"),
};
const reading = (payload: unknown) => read(Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload)), place);
function factsOf(payload: unknown): PluginFacts {
  const result = reading(payload);
  if ("unreadable" in result) throw new Error(result.unreadable);
  return pluginFacts.parse(result.facts);
}
function keyOf(payload: unknown) {
  const result = reading(payload);
  return "facts" in result ? result.changeKey : result;
}

const ada = { self: "https://acme.atlassian.net/rest/api/2/user?accountId=a", accountId: "557058:ada", displayName: "Ada", active: true };
const minjun = { accountId: "557058:minjun", displayName: "Minjun" };
const fields = {
  summary: "Fix the door",
  issuetype: { name: "Bug" },
  project: { id: "100", key: "MOIM", name: "Moim" },
  status: { name: "In Progress", statusCategory: { key: "indeterminate" } },
  priority: { name: "High" },
  assignee: minjun,
  reporter: ada,
  labels: ["urgent", "front"],
  created: "2026-11-20T09:00:00.000+0900",
  updated: "2026-11-21T09:00:00.000+0900",
  description: "Ask [~accountid:557058:minjun] and [~accountid:557058:nora]",
};
const issue = { id: "10042", self: "https://acme.atlassian.net/rest/api/2/10042", key: "MOIM-12", fields };
const timestamp = Date.parse("2026-11-21T10:00:00Z");
const comment = { id: "300", author: ada, body: "Look, [~accountid:557058:minjun]", updateAuthor: ada, created: "2026-11-21T08:00:00.000+0000", updated: "2026-11-21T08:30:00.000+0000" };
const webhook = (webhookEvent: string, more: Record<string, unknown> = {}) => ({ timestamp, webhookEvent, ...more });

/** Every name of Jira's own list, with a body as it is documented, and what stands for it here. */
const names: [string, Record<string, unknown>, { event: string; entity: string; title?: string }][] = [
  ["jira:issue_created", { user: ada, issue, issue_event_type_name: "issue_created" }, { event: "jira.issue.created", entity: "issue:10042", title: "MOIM-12 Fix the door" }],
  ["jira:issue_updated", { user: ada, issue, changelog: { id: "5", items: [] } }, { event: "jira.issue.updated", entity: "issue:10042" }],
  ["jira:issue_deleted", { user: ada, issue }, { event: "jira.issue.deleted", entity: "issue:10042" }],
  ["issue_property_set", { issue, property: { key: "k", value: {} } }, { event: "jira.issue-property.set", entity: "issue:10042", title: "k" }],
  ["issue_property_deleted", { issue, property: { key: "k" } }, { event: "jira.issue-property.deleted", entity: "issue:10042" }],
  ["worklog_created", { worklog: { id: "9", issueId: "10042", author: ada, timeSpent: "2h" } }, { event: "jira.worklog.created", entity: "issue:10042", title: "2h" }],
  ["worklog_updated", { worklog: { id: "9", issueId: "10042", updateAuthor: ada } }, { event: "jira.worklog.updated", entity: "issue:10042" }],
  ["worklog_deleted", { worklog: { id: "9", issueId: "10042" } }, { event: "jira.worklog.deleted", entity: "issue:10042" }],
  ["comment_created", { comment, issue }, { event: "jira.comment.created", entity: "issue:10042", title: "MOIM-12 Fix the door" }],
  ["comment_updated", { comment, issue }, { event: "jira.comment.updated", entity: "issue:10042" }],
  ["comment_deleted", { comment, issue }, { event: "jira.comment.deleted", entity: "issue:10042" }],
  ["attachment_created", { attachment: { id: "4", filename: "door.png", author: ada } }, { event: "jira.attachment.created", entity: "attachment:4", title: "door.png" }],
  ["attachment_deleted", { attachment: { id: "4", filename: "door.png" } }, { event: "jira.attachment.deleted", entity: "attachment:4" }],
  ["issuelink_created", { issueLink: { id: 1, sourceIssueId: 10042, destinationIssueId: 10043, issueLinkType: { name: "Blocks" } } }, { event: "jira.issuelink.created", entity: "issue:10042", title: "Blocks" }],
  ["issuelink_deleted", { issueLink: { id: 1, sourceIssueId: 10042 } }, { event: "jira.issuelink.deleted", entity: "issue:10042" }],
  ...["created", "updated", "deleted"].map((verb): (typeof names)[number] => [`issuetype_${verb}`, { issuetype: { id: "1", name: "Bug" } }, { event: `jira.issuetype.${verb}`, entity: "issuetype:1", title: "Bug" }]),
  ...["created", "updated", "deleted", "soft_deleted", "restored_deleted", "archived", "restored_archived"].map((verb): (typeof names)[number] => [
    `project_${verb}`,
    { project: { id: 100, key: "MOIM", name: "Moim" } },
    { event: `jira.project.${verb.replaceAll("_", "-")}`, entity: "project:100", title: "Moim" },
  ]),
  ...["released", "unreleased", "created", "moved", "updated", "merged", "deleted"].map((verb): (typeof names)[number] => [
    `jira:version_${verb}`,
    { version: { id: "7", name: "1.0", projectId: 100 }, ...(verb === "deleted" && { mergedTo: { id: "8" } }) },
    { event: `jira.version.${verb}`, entity: "version:7", title: "1.0" },
  ]),
  ...["created", "updated", "deleted"].map((verb): (typeof names)[number] => [`filter_${verb}`, { filter: { id: 3, name: "Mine" } }, { event: `jira.filter.${verb}`, entity: "filter:3", title: "Mine" }]),
  ...["created", "updated", "deleted"].map((verb): (typeof names)[number] => [`user_${verb}`, { user: ada }, { event: `jira.user.${verb}`, entity: "user:557058:ada", title: "Ada" }]),
  ...["voting", "watching", "unassigned_issues", "subtasks", "issuelinks", "timetracking", "timetracking_provider"].map((name): (typeof names)[number] => [
    `option_${name}_changed`,
    { property: { key: `jira.option.${name}`, value: "true" } },
    { event: `jira.option.${name.replaceAll("_", "-")}-changed`, entity: `option:jira.option.${name}` },
  ]),
  ...["created", "deleted", "updated", "started", "closed"].map((verb): (typeof names)[number] => [
    `sprint_${verb}`,
    { sprint: { id: 7, name: "Sprint 7", goal: "Doors" } },
    { event: `jira.sprint.${verb}`, entity: "sprint:7", title: "Sprint 7" },
  ]),
  ...["created", "updated", "deleted", "configuration_changed"].map((verb): (typeof names)[number] => [
    `board_${verb}`,
    { board: { id: 2, name: "Doors" } },
    { event: `jira.board.${verb.replaceAll("_", "-")}`, entity: "board:2", title: "Doors" },
  ]),
  ["jira_expression_evaluation_failed", { jiraExpression: "x" }, { event: "jira.expression.failed", entity: "expression:unknown" }],
  ["app_access_to_objects_blocked", {}, { event: "jira.app-access.objects-blocked", entity: "app-access:unknown" }],
  ["app_access_to_objects_in_container_blocked", {}, { event: "jira.app-access.container-blocked", entity: "app-access:unknown" }],
];

describe("every event that Jira sends", () => {
  test.each(names)("%s", (name, body, expected) => {
    expect(factsOf(webhook(name, body))).toMatchObject({ sourceEvent: name, ...expected });
  });

  test("has a name here, and every name here is one of Jira's", () => {
    expect(new Set([...names.map(([, , { event }]) => event), "jira.unknown"])).toEqual(new Set(events));
  });

  test("that is new to us is kept as unknown, under its own name", () => {
    expect(factsOf(webhook("jira:door_opened", { door: 1 }))).toMatchObject({ event: "jira.unknown", sourceEvent: "jira:door_opened", title: "jira:door_opened", entity: "jira:unknown" });
  });
});

describe("an issue", () => {
  test("is read with everything that filters, cards and messages need", () => {
    const changelog = {
      id: "77",
      items: [
        { field: "labels", fieldId: "labels", from: null, fromString: "", to: null, toString: "urgent" },
        { field: "Fix Version", fromString: null, toString: "1.0", to: "7" },
        { field: "assignee", from: null, fromString: null, to: minjun.accountId, toString: "Minjun" },
        { field: "status", from: "1", fromString: "To Do", to: "3", toString: "In Progress" },
      ],
    };
    expect(factsOf(webhook("jira:issue_updated", { user: ada, issue, changelog }))).toEqual({
      event: "jira.issue.updated",
      sourceEvent: "jira:issue_updated",
      actor: { id: ada.accountId, name: "Ada" },
      entity: "issue:10042",
      title: "MOIM-12 Fix the door",
      text: null,
      url: "https://acme.atlassian.net/browse/MOIM-12",
      project: { id: "100", key: "MOIM", name: "Moim" },
      issue: {
        id: "10042",
        key: "MOIM-12",
        summary: "Fix the door",
        url: "https://acme.atlassian.net/browse/MOIM-12",
        project: { id: "100", key: "MOIM", name: "Moim" },
        type: "Bug",
        status: "In Progress",
        statusCategory: "indeterminate",
        priority: "High",
        assignee: { id: minjun.accountId, name: "Minjun" },
        reporter: { id: ada.accountId, name: "Ada" },
        labels: ["urgent", "front"],
        updatedAt: "2026-11-21T00:00:00.000Z",
      },
      changes: [
        { field: "status", from: "To Do", to: "In Progress", fromId: "1", toId: "3" },
        { field: "assignee", from: null, to: "Minjun", fromId: null, toId: minjun.accountId },
        { field: "Fix Version", from: null, to: "1.0", fromId: null, toId: "7" },
        { field: "labels", from: null, to: "urgent", fromId: null, toId: null },
      ],
      comment: null,
      mentions: [],
      occurredAt: "2026-11-21T00:00:00.000Z",
    });
  });

  test("that is new says its description, and whom that names", () => {
    expect(factsOf(webhook("jira:issue_created", { user: ada, issue }))).toMatchObject({
      text: "Ask @Minjun and @…",
      mentions: [minjun.accountId, "557058:nora"],
      occurredAt: "2026-11-20T00:00:00.000Z",
    });
  });

  test("whose description names somebody new mentions them, and nobody who was named before", () => {
    const items = [{ field: "description", fromString: "[~accountid:a]", toString: "[~accountid:a] [~accountid:b]" }];
    expect(factsOf(webhook("jira:issue_updated", { issue, changelog: { id: "1", items } })).mentions).toEqual(["b"]);
  });

  test("with a security level is not for everybody who sees its project", () => {
    const secured = (security: unknown) => factsOf(webhook("jira:issue_updated", { issue: { ...issue, fields: { ...fields, security } } })).issue?.restricted;
    expect(secured({ id: "10001", name: "Managers" })).toBe(true);
    expect(secured(null)).toBeUndefined();
  });

  test("without what should be there is read with what is there", () => {
    expect(factsOf(webhook("jira:issue_updated", { issue: { id: 5, key: "A-B-7" } }))).toMatchObject({
      actor: null,
      title: "A-B-7",
      changes: [],
      issue: { id: "5", summary: "", project: { id: "", key: "A-B", name: "A-B" }, status: null, labels: [], updatedAt: null },
      occurredAt: "2026-11-21T10:00:00.000Z",
    });
    expect(factsOf({ issue, issue_event_type_name: "issue_created" }).event).toBe("jira.issue.created");
    expect(factsOf({ issue, changelog: {} }).event).toBe("jira.issue.updated");
    expect(factsOf(webhook("jira:issue_updated", { issue: null }))).toMatchObject({ event: "jira.issue.updated", issue: null, entity: "issue:unknown" });
  });

  test("takes no inherited property for the new value of a change", () => {
    expect(factsOf(webhook("jira:issue_updated", { issue, changelog: { id: "1", items: [{ field: "status", to: "3" }] } })).changes).toEqual([{ field: "status", from: null, to: "3", fromId: null, toId: "3" }]);
  });
});

describe("the traps", () => {
  test("user_deleted has neither a name nor a time", () => {
    expect(factsOf({ user: { accountId: "gone" } })).toMatchObject({ event: "jira.user.deleted", entity: "user:gone", actor: null, occurredAt: "2026-11-21T12:00:00.000Z" });
  });

  test("a comment names its author only in itself", () => {
    expect(factsOf(webhook("comment_created", { comment, issue }))).toMatchObject({
      actor: { name: "Ada" },
      comment: { id: "300", text: "Look, @Minjun", author: { id: ada.accountId } },
      mentions: [minjun.accountId],
      url: "https://acme.atlassian.net/browse/MOIM-12?focusedCommentId=300",
      occurredAt: "2026-11-21T08:00:00.000Z",
    });
  });

  test("a comment that Jira also tells of as a change of the issue has one meaning and one key", () => {
    const echo = webhook("jira:issue_updated", { issue_event_type_name: "issue_commented", user: ada, issue, comment });
    expect(factsOf(echo)).toMatchObject({ event: "jira.comment.created", comment: { id: "300" } });
    expect(keyOf(echo)).toBe(keyOf(webhook("comment_created", { comment, issue })));
    const edited = webhook("jira:issue_updated", { issue_event_type_name: "issue_comment_edited", issue, comment, changelog: { id: "1", items: [] } });
    expect(keyOf(edited)).toBe(keyOf(webhook("comment_updated", { comment, issue })));
    const both = webhook("jira:issue_updated", { issue, comment, changelog: { id: "9", items: [{ field: "status", toString: "Done" }] } });
    expect(factsOf(both).event).toBe("jira.issue.updated");
  });

  test("what somebody wrote of their work for a group alone is not told to everybody who sees the issue", () => {
    const worklog = { id: "9", issueId: "10042", author: ada, timeSpent: "2h", comment: "Interviewed [~accountid:b] about leaving" };
    expect(factsOf(webhook("worklog_created", { worklog }))).toMatchObject({ text: "Interviewed @… about leaving", mentions: ["b"] });
    const restricted = { ...worklog, visibility: { type: "role", value: "Administrators" } };
    expect(factsOf(webhook("worklog_created", { worklog: restricted }))).toMatchObject({ title: "2h", text: null, mentions: [] });
  });

  test("a kind of comment that is named as what every object has is none that is known", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(factsOf(webhook("jira:issue_updated", { issue_event_type_name: name, issue, comment })).event).toBe("jira.comment.created");
    }
  });

  test("what no database stores is replaced wherever something is read", () => {
    const odd = { ...issue, fields: { ...fields, summary: "a\u0000b\uD83D", labels: ["\uDE00"] } };
    expect(factsOf(webhook("jira:issue_created", { issue: odd })).issue).toMatchObject({ summary: "a\uFFFDb\uFFFD", labels: ["\uFFFD"] });
  });

  test("a clock over there that is ahead of ours does not put an event into the future", () => {
    expect(factsOf({ timestamp: Date.parse("2030-01-01T00:00:00Z"), webhookEvent: "sprint_started", sprint: { id: 1 } }).occurredAt).toBe("2026-11-21T12:00:00.000Z");
  });

  test.each([["", "empty"], ["{", "JSON"], ["[]", "object"], ["null", "object"], ['"x"', "object"]])("%j says nothing, and why", (body, why) => {
    expect(reading(body)).toEqual({ unreadable: expect.stringContaining(why) as string });
  });
});

describe("the key of a change", () => {
  test.each([
    [webhook("jira:issue_created", { issue }), "created:10042"],
    [webhook("jira:issue_deleted", { issue }), "deleted:10042"],
    [webhook("jira:issue_updated", { issue, changelog: { id: 77, items: [{ field: "status", toString: "Done" }] } }), "changelog:10042:77"],
    [webhook("jira:issue_updated", { issue, changelog: { id: 77, items: [] } }), null],
    [webhook("jira:issue_updated", { issue, changelog: { items: [{ field: "status" }] } }), null],
    [webhook("comment_created", { comment, issue }), "comment:300:created"],
    [webhook("comment_updated", { comment: { ...comment, updated: "2026-11-21T17:30:00.000+0900" }, issue }), "comment:300:2026-11-21T08:30:00.000Z"],
    [webhook("comment_deleted", { comment, issue }), "comment:300:deleted"],
    [webhook("sprint_started", { sprint: { id: 1 } }), null],
  ])("is the same however the change is learned of (%#)", (payload, key) => {
    expect(keyOf(payload)).toBe(key);
  });
});

describe("text", () => {
  const plain = (markup: unknown) => plainText(markup, new Map([["a", "Ada"]]));

  test.each([
    ["h2. Title\n* one\n** two\n# three", "Title\n• one\n• two\n• three"],
    ["*bold* and _slanted_, snake_case_name and 3*4*5", "bold and slanted, snake_case_name and 3*4*5"],
    ["[the page|https://x.example/a] [https://y.example]", "the page https://y.example"],
    ["{code:java}int i;{code} {{mono}} !shot.png|thumbnail!", "int i; mono shot.png"],
    ["[~accountid:a] met [~accountid:b]", "@Ada met @…"],
    ["a\\\\b \\{not a macro\\}", "a\nb {not a macro}"],
    ["||Name||Age||\n|Ada|36|", "Name · Age\nAda · 36"],
  ])("%j", (markup, words) => {
    expect(plain(markup)).toBe(words);
  });

  test("of a document is its words, one line a paragraph", () => {
    const doc = {
      type: "doc",
      content: [
        { type: "paragraph", content: [{ type: "text", text: "Hello " }, { type: "mention", attrs: { id: "a", text: "@old name" } }] },
        { type: "bulletList", content: [{ type: "listItem", content: [{ type: "paragraph", content: [{ type: "text", text: "one" }] }] }] },
      ],
    };
    expect(plain(doc)).toBe("Hello @Ada\n• one");
  });

  test("is an excerpt, never half of a character", () => {
    const words = plain("😀".repeat(5_000)) ?? "";
    expect(words.length).toBeLessThanOrEqual(excerptMax);
    expect(words).not.toMatch(/\p{Cs}/u);
  });

  test("takes little time, whatever was thought up to make it take long", () => {
    for (const piece of ["[", "*", "{code", "!", "|", "_a ", "* a_ *", "{{", "\\", "\n* ", "[a|"]) plain(piece.repeat(20_000 / piece.length));
    plain({ type: "doc", content: Array.from({ length: 400 }, () => ({ type: "text", text: " ".repeat(20_000) })) });
  });
});

describe("any JSON at all", () => {
  /** Mulberry32: small, and the same everywhere. */
  function random(seed: number) {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    };
  }
  const words = ["", " ", "10042", "jira:issue_updated", "comment_created", "sprint_started", "2026-11-21T09:00:00.000+0900", "9999-99-99", "\u0000", "\ud800", "__proto__", "[~accountid:x]"];
  const keys = ["webhookEvent", "timestamp", "issue", "fields", "id", "key", "user", "changelog", "items", "field", "toString", "comment", "body", "author", "accountId", "worklog", "sprint", "property", "labels", "status", "updated", "constructor", "project"];

  function anything(next: () => number, depth: number): unknown {
    const pick = <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T;
    const kind = next();
    if (depth <= 0 || kind < 0.4) return pick<unknown>([null, true, -1, 1e308, 10042, Number.MAX_SAFE_INTEGER, 8.64e15, ...words]);
    if (kind < 0.55) return Array.from({ length: Math.floor(next() * 4) }, () => anything(next, depth - 1));
    return Object.fromEntries(Array.from({ length: Math.floor(next() * 8) }, () => [pick(keys), anything(next, depth - 1)]));
  }

  test("is read, or said to be unreadable, and never breaks the contract", () => {
    for (let seed = 1; seed <= 5_000; seed += 1) {
      const next = random(seed);
      const payload = { ...(next() < 0.8 && { webhookEvent: names[Math.floor(next() * names.length)]?.[0] }), ...(anything(next, 5) as object) };
      const result = reading(payload);
      if ("facts" in result && !pluginFacts.safeParse(result.facts).success) throw new Error(`seed ${seed}: ${JSON.stringify(payload)}`);
    }
  });

  test("may lack anything that a real one has", () => {
    const whole = webhook("jira:issue_updated", { user: ada, issue, comment, changelog: { id: "1", items: [{ field: "status", fromString: "a", toString: "b" }] } });
    const paths: string[][] = [];
    const walk = (value: unknown, path: string[]) => {
      if (path.length > 0) paths.push(path);
      if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    };
    walk(whole, []);
    for (const name of ["jira:issue_created", "jira:issue_updated", "comment_created", "jira:issue_deleted", "worklog_created"]) {
      for (const path of paths) {
        for (const instead of [undefined, null, 7, "x", [], {}]) {
          const broken = structuredClone({ ...whole, webhookEvent: name }) as Record<string, unknown>;
          const holder = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, broken);
          holder[path.at(-1) ?? ""] = instead;
          const result = reading(broken);
          if ("facts" in result) pluginFacts.parse(result.facts);
        }
      }
    }
  });
});
