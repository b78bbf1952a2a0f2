import type { PluginFacts } from "../../events";
import type { Place, Reading } from "../../plugin";
import { accountOf, browseUrl, changesOf, issueFactsOf } from "./issue-facts";
import { instant, isObject, listOf, objectOf, own, parsed, text, type Json } from "./json";
import { mentionsOf, plainText, type Names } from "./markup";
import { eventNamed } from "./names";

/**
 * What a webhook of Jira says. Its shape is not to be relied on (facts of the trade: `user_deleted` has no name and no time, worklogs have
 * no issue, comments no user, a changelog may be empty), so everything is taken if it is there and nothing is demanded.
 */
export function read(body: Buffer, place: Place): Reading {
  if (body.length === 0) return { unreadable: "Its body is empty: the webhook over there is set to exclude it." };
  const root = parsed(body);
  if (!isObject(root)) return { unreadable: root === undefined ? "Its body is no valid JSON." : "Its body is no JSON object." };
  const sourceEvent = sourceEventOf(root);
  const event = sourceEvent === "" ? inferred(root) : eventNamed(sourceEvent);
  if (event === "jira.issue.updated" && tellsOfAComment(root)) return readComment(`jira.comment.${verbOf(root)}`, sourceEvent, root, place);
  if (event.startsWith("jira.issue.")) return readIssue(event, sourceEvent, root, place);
  if (event.startsWith("jira.comment.")) return readComment(event, sourceEvent, root, place);
  return readOther(event, sourceEvent, root, place);
}

const sourceEventOf = (root: Json) => text(root.webhookEvent, 100) ?? "";

/** `user_deleted` comes without a name; so do issues whose sender left it out. */
function inferred(root: Json): string {
  if (isObject(root.issue)) {
    const type = text(root.issue_event_type_name) ?? "";
    return type === "issue_created" ? "jira.issue.created" : type !== "" || isObject(root.changelog) ? "jira.issue.updated" : "jira.unknown";
  }
  return isObject(root.user) || text(root.accountId) !== null ? "jira.user.deleted" : "jira.unknown";
}

/**
 * Beside `comment_created` Jira fires `issue_updated` for the same comment. It is read as what it is, the comment, with the same key: the
 * first of the two counts and the other is a repetition, and who has only the events of issues sent hears of comments all the same.
 */
function tellsOfAComment(root: Json): boolean {
  return isObject(root.comment) && listOf(objectOf(root.changelog).items).length === 0;
}

const commentVerbs = new Map([["issue_comment_edited", "updated"], ["issue_comment_deleted", "deleted"]]);
const verbOf = (root: Json) => commentVerbs.get(text(root.issue_event_type_name) ?? "") ?? "created";

function readIssue(event: string, sourceEvent: string, root: Json, place: Place): Reading {
  const issue = issueFactsOf(root.issue, place);
  if (!issue) return readOther(event, sourceEvent, root, place);
  const fields = objectOf(objectOf(root.issue).fields);
  const changelog = objectOf(root.changelog);
  const changes = event === "jira.issue.updated" ? changesOf(changelog) : [];
  const described = event === "jira.issue.created" ? fields.description : undefined;
  const actor = accountOf(root.user) ?? (event === "jira.issue.created" ? (accountOf(fields.creator) ?? issue.reporter) : null);
  const happened = event === "jira.issue.created" ? instant(fields.created) : event === "jira.issue.updated" ? issue.updatedAt : null;
  return {
    facts: {
      event,
      sourceEvent,
      actor,
      entity: `issue:${issue.id}`,
      title: titleOf(issue),
      text: plainText(described, namesIn(root)),
      url: issue.url,
      project: issue.project,
      issue,
      changes,
      comment: null,
      mentions: [...new Set([...mentionsOf(described), ...newlyMentioned(changelog)])],
      occurredAt: happened ?? timeOf(root, place),
    },
    changeKey: changeKeyOf(event, issue.id, text(changelog.id, 50), changes.length),
  };
}

function changeKeyOf(event: string, issueId: string, changelogId: string | null, changes: number): string | null {
  if (event === "jira.issue.created") return `created:${issueId}`;
  if (event === "jira.issue.deleted") return `deleted:${issueId}`;
  return changelogId !== null && changes > 0 ? `changelog:${issueId}:${changelogId}` : null;
}

/** Who is named in a description now and was not before. */
function newlyMentioned(changelog: Json): string[] {
  return listOf(changelog.items).slice(0, 50).flatMap((value) => {
    const item = objectOf(value);
    if (item.field !== "description") return [];
    const before = new Set(mentionsOf(own(item, "fromString")));
    return mentionsOf(own(item, "toString")).filter((id) => !before.has(id));
  });
}

function readComment(event: string, sourceEvent: string, root: Json, place: Place): Reading {
  const comment = objectOf(root.comment);
  const id = text(comment.id, 50);
  if (id === null) return readOther(event, sourceEvent, root, place);
  const issue = issueFactsOf(root.issue, place);
  const [created, updated] = [instant(comment.created), instant(comment.updated)];
  const author = accountOf(comment.author);
  const words = plainText(comment.body, namesIn(root));
  return {
    facts: {
      event,
      sourceEvent,
      actor: accountOf(root.user) ?? (event === "jira.comment.created" ? author : event === "jira.comment.updated" ? (accountOf(comment.updateAuthor) ?? author) : null),
      entity: issue ? `issue:${issue.id}` : `comment:${id}`,
      title: issue ? titleOf(issue) : (words ?? event).slice(0, 200),
      text: words,
      url: issue?.url ? `${issue.url}?focusedCommentId=${encodeURIComponent(id)}` : null,
      project: issue?.project ?? null,
      issue,
      changes: [],
      comment: { id, text: words ?? "", author, ...(isRestricted(comment) && { restricted: true }) },
      mentions: mentionsOf(comment.body),
      occurredAt: (event === "jira.comment.created" ? created : event === "jira.comment.updated" ? updated : null) ?? timeOf(root, place),
    },
    changeKey: commentKeyOf(event, id, updated),
  };
}

/** To a role or a group, or to the team of a service project. Work has the same. */
const isRestricted = (comment: Json) => Object.keys(objectOf(comment.visibility)).length > 0 || comment.jsdPublic === false;

function commentKeyOf(event: string, id: string, updated: string | null): string | null {
  if (event === "jira.comment.created") return `comment:${id}:created`;
  if (event === "jira.comment.deleted") return `comment:${id}:deleted`;
  return updated === null ? null : `comment:${id}:${updated}`;
}

/** Where each kind of thing lies in the body, and what stands for it. */
const subjects: Record<string, string> = {
  worklog: "worklog",
  attachment: "attachment",
  issuelink: "issueLink",
  issuetype: "issuetype",
  "issue-property": "property",
  project: "project",
  version: "version",
  sprint: "sprint",
  board: "board",
  filter: "filter",
  user: "user",
  option: "property",
};

function readOther(event: string, sourceEvent: string, root: Json, place: Place): Reading {
  const noun = event.split(".")[1] ?? "";
  const subject = objectOf(root[subjects[noun] ?? noun]);
  const issue = issueFactsOf(root.issue, place);
  // Whoever sees its issue hears that somebody worked on it; what they wrote of it is for those alone to whom they showed it.
  const words = isRestricted(subject) ? undefined : subject.comment;
  const project = projectIn(noun === "project" ? subject : objectOf(root.project)) ?? issue?.project ?? null;
  const facts: PluginFacts = {
    event,
    sourceEvent,
    actor: noun === "user" ? null : (accountOf(root.user) ?? accountOf(subject.updateAuthor) ?? accountOf(subject.author)),
    entity: entityOf(noun, subject, root, issue?.id ?? null),
    title: otherTitle(noun, subject, root) ?? (issue ? titleOf(issue) : null) ?? (sourceEvent || event),
    text: plainText(words, namesIn(root)) ?? text(subject.goal, 2000) ?? plainText(subject.description, namesIn(root)),
    url: issue?.url ?? (noun === "project" && project ? browseUrl(place.metadata.siteUrl, project.key) : null),
    project,
    issue,
    changes: noun === "sprint" || noun === "option" ? renamed(root, subject) : [],
    comment: null,
    mentions: mentionsOf(words),
    occurredAt: instant(subject.updated) ?? timeOf(root, place),
  };
  return { facts, changeKey: null };
}

function projectIn(project: Json): PluginFacts["project"] {
  const key = text(project.key, 50);
  return key === null ? null : { id: text(project.id, 50) ?? "", key, name: text(project.name, 200) ?? key };
}

/** Work, files, properties and links of an issue keep the issue's own order. */
function entityOf(noun: string, subject: Json, root: Json, issueId: string | null): string {
  const ofIssue = issueId ?? text(subject.issueId, 50) ?? text(subject.sourceIssueId, 50);
  if (ofIssue !== null && noun !== "user") return `issue:${ofIssue}`;
  const id = text(subject.id, 100) ?? text(subject.accountId, 128) ?? text(subject.key, 100) ?? text(root.accountId, 128);
  return `${noun === "" || noun === "unknown" ? "jira" : noun}:${id ?? "unknown"}`;
}

function otherTitle(noun: string, subject: Json, root: Json): string | null {
  if (noun === "attachment") return text(subject.filename, 300);
  if (noun === "worklog") return text(subject.timeSpent, 100);
  if (noun === "issuelink") return text(objectOf(subject.issueLinkType).name, 200);
  if (noun === "user") return text(subject.displayName, 200) ?? text(subject.name, 200) ?? text(subject.accountId, 128) ?? text(root.accountId, 128);
  return text(subject.name, 300) ?? text(subject.key, 300);
}

/** A sprint's webhook says what its name was before; an option's what its value is now. */
function renamed(root: Json, subject: Json): PluginFacts["changes"] {
  const old = text(objectOf(root.oldValue).name);
  const name = text(subject.name);
  if (old !== null && old !== name) return [{ field: "name", from: old, to: name, fromId: null, toId: null }];
  const value = text(subject.value);
  return value === null ? [] : [{ field: text(subject.key, 100) ?? "value", from: null, to: value, fromId: null, toId: null }];
}

const titleOf = ({ key, summary }: { key: string; summary: string }) => `${key} ${summary}`.trim();

/** Jira's `timestamp` is of the webhook; it is never later than its arrival, whatever its clock says. */
function timeOf(root: Json, { receivedAt }: Place): string {
  const said = instant(root.timestamp);
  return said !== null && said < receivedAt.toISOString() ? said : receivedAt.toISOString();
}

/** Everybody whom the webhook names, by account. */
function namesIn(root: Json): Names {
  const fields = objectOf(objectOf(root.issue).fields);
  const comment = objectOf(root.comment);
  const people = [root.user, fields.assignee, fields.reporter, fields.creator, comment.author, comment.updateAuthor].flatMap((value) => accountOf(value) ?? []);
  return new Map(people.map(({ id, name }) => [id, name]));
}
