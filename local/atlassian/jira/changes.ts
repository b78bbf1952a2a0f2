import type { Engine } from "../engine";
import { announce } from "../webhooks/dispatch";
import type { Account, AdfNode, ChangeItem, Comment, History, Issue, IssueLink, Project, Site, Worklog } from "../world/entities";
import { plainTextOf, wikiOf } from "./adf";
import { issueTypes, known, linkTypes, priorities, resolutionDone, statuses, type Transition } from "./catalog";
import { commentOf, historyOf, issueInComment, issueInWebhook, personOf, siteVoice, spent, worklogOf } from "./represent";

/** Who changes something, and where. */
export interface Actor {
  engine: Engine;
  site: Site;
  account: Account;
}

export interface NewIssue {
  project: Project;
  typeId: string;
  summary: string;
  description: AdfNode | null;
  priorityId: string;
  assigneeId: string | null;
  reporterId: string;
  labels: string[];
  parentId: string | null;
  dueDate: string | null;
}

/** What an edit may replace. */
export type Edit = Partial<Pick<Issue, "summary" | "description" | "typeId" | "priorityId" | "assigneeId" | "reporterId" | "labels" | "parentId" | "dueDate">>;

export function createIssue(actor: Actor, wanted: NewIssue): Issue {
  const { store, clock } = actor.engine;
  const { project, ...rest } = wanted;
  const now = clock.now();
  const issue: Issue = {
    ...rest,
    id: String(store.next("issue")),
    siteId: actor.site.id,
    projectId: project.id,
    key: `${project.key}-${store.next(`key ${project.id}`, 1)}`,
    formerKeys: [],
    statusId: "10000",
    creatorId: actor.account.id,
    created: now,
    updated: now,
    resolved: null,
    comments: [],
    worklogs: [],
    changelog: [],
  };
  store.put("issues", issue);
  const given: ChangeItem[] = [
    { field: "summary", fieldtype: "jira", fieldId: "summary", from: null, fromString: null, to: null, toString: issue.summary },
    { field: "Status", fieldtype: "jira", fieldId: "status", from: null, fromString: null, to: issue.statusId, toString: known(statuses, issue.statusId).name },
  ];
  // Jira's changelog of a creation is in the webhook alone; the issue's own history begins empty.
  tellIssue(actor, "jira:issue_created", "issue_created", issue, { changelog: { id: String(store.next("history")), items: given } });
  return issue;
}

/** Nothing happens, and nothing is told, when nothing differs. */
export function editIssue(actor: Actor, issue: Issue, edit: Edit): Issue {
  const changed = { ...issue, ...edit };
  const items = itemsOf(actor.engine, issue, changed);
  if (items.length === 0) return issue;
  const onlyAssignee = items.every(({ field }) => field === "assignee");
  return withHistory(actor, changed, items, onlyAssignee ? "issue_assigned" : "issue_updated");
}

export function transitionIssue(actor: Actor, issue: Issue, transition: Transition, comment: AdfNode | null = null): Issue {
  const [from, to] = [known(statuses, issue.statusId), known(statuses, transition.to)];
  const [wasDone, isDone] = [from.category === "done", to.category === "done"];
  const resolution: ChangeItem = {
    field: "resolution", fieldtype: "jira", fieldId: "resolution",
    ...(isDone
      ? { from: null, fromString: null, to: resolutionDone.id, toString: resolutionDone.name }
      : { from: resolutionDone.id, fromString: resolutionDone.name, to: null, toString: null }),
  };
  const items: ChangeItem[] = [
    ...(wasDone === isDone ? [] : [resolution]),
    { field: "status", fieldtype: "jira", fieldId: "status", from: from.id, fromString: from.name, to: to.id, toString: to.name },
  ];
  const resolved = isDone ? (issue.resolved ?? actor.engine.clock.now()) : null;
  const moved = withHistory(actor, { ...issue, statusId: to.id, resolved }, items, "issue_generic");
  return comment ? addComment(actor, moved, comment).issue : moved;
}

/** Moved to another project it gets a new key; the old one still finds it. */
export function moveIssue(actor: Actor, issue: Issue, project: Project): Issue {
  const { store } = actor.engine;
  const key = `${project.key}-${store.next(`key ${project.id}`, 1)}`;
  const before = store.get("projects", issue.projectId);
  const items: ChangeItem[] = [
    { field: "project", fieldtype: "jira", fieldId: "project", from: issue.projectId, fromString: before?.name ?? null, to: project.id, toString: project.name },
    { field: "Key", fieldtype: "jira", from: null, fromString: issue.key, to: null, toString: key },
  ];
  return withHistory(actor, { ...issue, projectId: project.id, key, formerKeys: [...issue.formerKeys, issue.key] }, items, "issue_moved");
}

export function deleteIssue(actor: Actor, issue: Issue): void {
  const { store } = actor.engine;
  for (const subtask of store.all("issues").filter(({ parentId }) => parentId === issue.id)) deleteIssue(actor, subtask);
  tellIssue(actor, "jira:issue_deleted", "issue_deleted", issue);
  store.remove("issues", issue.id);
  for (const link of store.all("links")) if (link.inwardId === issue.id || link.outwardId === issue.id) store.remove("links", link.id);
}

export function addComment(actor: Actor, issue: Issue, body: AdfNode): { issue: Issue; comment: Comment } {
  const { store, clock } = actor.engine;
  const now = clock.now();
  const comment: Comment = { id: String(store.next("comment")), authorId: actor.account.id, updateAuthorId: actor.account.id, body, created: now, updated: now };
  const commented = saved(actor, { ...issue, comments: [...issue.comments, comment] });
  tellComment(actor, "comment_created", commented, comment);
  tellIssue(actor, "jira:issue_updated", "issue_commented", commented, { comment: commentOf(voiceOf(actor), commented, comment) });
  return { issue: commented, comment };
}

export function editComment(actor: Actor, issue: Issue, comment: Comment, body: AdfNode): Comment {
  const edited: Comment = { ...comment, body, updateAuthorId: actor.account.id, updated: actor.engine.clock.now() };
  const commented = saved(actor, { ...issue, comments: issue.comments.map((one) => (one.id === comment.id ? edited : one)) });
  tellComment(actor, "comment_updated", commented, edited);
  tellIssue(actor, "jira:issue_updated", "issue_comment_edited", commented, { comment: commentOf(voiceOf(actor), commented, edited) });
  return edited;
}

export function deleteComment(actor: Actor, issue: Issue, comment: Comment): void {
  const without = saved(actor, { ...issue, comments: issue.comments.filter(({ id }) => id !== comment.id) });
  tellComment(actor, "comment_deleted", without, comment);
  const item: ChangeItem = { field: "Comment", fieldtype: "jira", from: comment.id, fromString: wikiOf(comment.body), to: null, toString: null };
  withHistory(actor, without, [item], "issue_comment_deleted");
}

export function addWorklog(actor: Actor, issue: Issue, wanted: Pick<Worklog, "comment" | "started" | "seconds">): Worklog {
  const { store, clock } = actor.engine;
  const now = clock.now();
  const worklog: Worklog = { ...wanted, id: String(store.next("worklog")), authorId: actor.account.id, created: now, updated: now };
  const before = issue.worklogs.reduce((sum, { seconds }) => sum + seconds, 0);
  const after = before + worklog.seconds;
  const item: ChangeItem = { field: "timespent", fieldtype: "jira", fieldId: "timespent", from: before === 0 ? null : String(before), fromString: before === 0 ? null : spent(before), to: String(after), toString: spent(after) };
  const logged = withHistory(actor, { ...issue, worklogs: [...issue.worklogs, worklog] }, [item], "issue_work_logged");
  tellWorklog(actor, "worklog_created", logged, worklog);
  return worklog;
}

export function deleteWorklog(actor: Actor, issue: Issue, worklog: Worklog): void {
  const without = saved(actor, { ...issue, worklogs: issue.worklogs.filter(({ id }) => id !== worklog.id) });
  tellWorklog(actor, "worklog_deleted", without, worklog);
}

export function linkIssues(actor: Actor, typeId: string, inward: Issue, outward: Issue): IssueLink {
  const { store } = actor.engine;
  const link: IssueLink = { id: String(store.next("link")), siteId: actor.site.id, typeId, inwardId: inward.id, outwardId: outward.id };
  store.put("links", link);
  tellLink(actor, "issuelink_created", link);
  const type = known(linkTypes, typeId);
  for (const [one, other, words] of [[inward, outward, type.outward], [outward, inward, type.inward]] as const) {
    withHistory(actor, one, [{ field: "Link", fieldtype: "jira", from: null, fromString: null, to: other.key, toString: `This issue ${words} ${other.key}` }], "issue_updated");
  }
  return link;
}

export function unlinkIssues(actor: Actor, link: IssueLink): void {
  actor.engine.store.remove("links", link.id);
  tellLink(actor, "issuelink_deleted", link);
}

const voiceOf = ({ engine, site }: Actor) => siteVoice(engine, site);

function saved(actor: Actor, issue: Issue): Issue {
  const touched = { ...issue, updated: Math.max(actor.engine.clock.now(), issue.updated + 1) };
  actor.engine.store.put("issues", touched);
  return touched;
}

function withHistory(actor: Actor, issue: Issue, items: ChangeItem[], eventType: string): Issue {
  const { store, clock } = actor.engine;
  const history: History = { id: String(store.next("history")), authorId: actor.account.id, created: clock.now(), items };
  const changed = saved(actor, { ...issue, changelog: [...issue.changelog, history] });
  const { id } = historyOf(voiceOf(actor), history);
  tellIssue(actor, "jira:issue_updated", eventType, changed, { changelog: { id, items } });
  return changed;
}

function tellIssue(actor: Actor, event: string, eventType: string, issue: Issue, more: { changelog?: { id: unknown; items: ChangeItem[] }; comment?: unknown } = {}): void {
  const voice = voiceOf(actor);
  announce(actor.engine, {
    site: actor.site,
    event,
    actorId: actor.account.id,
    issue,
    changedFields: more.changelog?.items.map(({ field, fieldId }) => fieldId ?? field),
    payload: {
      timestamp: actor.engine.clock.now(),
      webhookEvent: event,
      issue_event_type_name: eventType,
      user: personOf(voice, actor.account.id),
      issue: issueInWebhook(voice, issue),
      ...more,
    },
  });
}

/** Tells no `user`: whose comment it is stands in the comment. */
function tellComment(actor: Actor, event: string, issue: Issue, comment: Comment): void {
  const voice = voiceOf(actor);
  const payload = { timestamp: actor.engine.clock.now(), webhookEvent: event, comment: commentOf(voice, issue, comment), issue: issueInComment(voice, issue), eventType: "primaryAction" };
  announce(actor.engine, { site: actor.site, event, actorId: actor.account.id, issue, payload });
}

/** Tells no `issue`: only its id, in the worklog. */
function tellWorklog(actor: Actor, event: string, issue: Issue, worklog: Worklog): void {
  const payload = { timestamp: actor.engine.clock.now(), webhookEvent: event, worklog: worklogOf(voiceOf(actor), issue, worklog) };
  announce(actor.engine, { site: actor.site, event, actorId: actor.account.id, issue, payload });
}

/** Tells no address that would say of which site it is. */
function tellLink(actor: Actor, event: string, link: IssueLink): void {
  const type = known(linkTypes, link.typeId);
  const issueLink = {
    id: Number(link.id),
    sourceIssueId: Number(link.inwardId),
    destinationIssueId: Number(link.outwardId),
    issueLinkType: { id: Number(type.id), name: type.name, outwardName: type.outward, inwardName: type.inward, isSubTaskLinkType: false, isSystemLinkType: false },
    systemLink: false,
    sequence: 1,
  };
  announce(actor.engine, { site: actor.site, event, actorId: actor.account.id, issue: null, payload: { timestamp: actor.engine.clock.now(), webhookEvent: event, issueLink } });
}

/** What differs, as Jira's changelog says it. */
function itemsOf({ store }: Engine, before: Issue, after: Issue): ChangeItem[] {
  const items: ChangeItem[] = [];
  const note = (field: string, from: string | null, fromString: string | null, to: string | null, toText: string | null): void => {
    if (from !== to || fromString !== toText) items.push({ field, fieldtype: "jira", fieldId: field, from, fromString, to, toString: toText });
  };
  const nameOf = (id: string | null): string | null => store.get("accounts", id ?? "")?.name ?? null;
  const keyOf = (id: string | null): string | null => store.get("issues", id ?? "")?.key ?? null;
  note("summary", null, before.summary, null, after.summary);
  if (JSON.stringify(before.description) !== JSON.stringify(after.description)) {
    const [from, to] = [before.description && wikiOf(before.description), after.description && wikiOf(after.description)];
    // A mark may differ where the words do not.
    items.push({ field: "description", fieldtype: "jira", fieldId: "description", from: null, fromString: from, to: null, toString: to ?? (after.description && plainTextOf(after.description)) });
  }
  note("issuetype", before.typeId, known(issueTypes, before.typeId).name, after.typeId, known(issueTypes, after.typeId).name);
  note("priority", before.priorityId, known(priorities, before.priorityId).name, after.priorityId, known(priorities, after.priorityId).name);
  note("assignee", before.assigneeId, nameOf(before.assigneeId), after.assigneeId, nameOf(after.assigneeId));
  note("reporter", before.reporterId, nameOf(before.reporterId), after.reporterId, nameOf(after.reporterId));
  note("labels", null, before.labels.join(" "), null, after.labels.join(" "));
  note("parent", before.parentId, keyOf(before.parentId), after.parentId, keyOf(after.parentId));
  note("duedate", before.dueDate, before.dueDate, after.dueDate, after.dueDate);
  return items;
}
