import { z } from "zod";
import type { IssueFacts } from "../../events";
import type { ConnectionMetadata } from "../../plugin";
import { readDocument, type AdfNode, type RichDocument } from "./adf";
import { JiraError, type JiraClient } from "./client";
import { expand } from "./expand";
import { accountOf, issueFactsOf } from "./issue-facts";
import { instant, listOf, objectOf, text } from "./json";

/** Jira's REST API v3 as far as people look things up and act: https://developer.atlassian.com/cloud/jira/platform/rest/v3/ */
const api = "/rest/api/3";

/** What `IssueFacts` is made of. */
const factFields = ["summary", "status", "issuetype", "project", "priority", "assignee", "reporter", "labels", "updated", "security"];

type Place = { metadata: ConnectionMetadata };
export interface Account {
  id: string;
  name: string;
}

const factsOf = (issues: unknown, place: Place): IssueFacts[] => listOf(issues).flatMap((issue) => issueFactsOf(issue, place) ?? []);

const searchAnswer = z.object({ issues: z.array(z.unknown()), nextPageToken: z.string().nullish() });

/** Bounded queries only; there is no total. */
export async function searchIssues(
  jira: JiraClient,
  place: Place,
  { jql, nextPageToken, maxResults }: { jql: string; nextPageToken?: string; maxResults: number },
): Promise<{ issues: IssueFacts[]; nextPageToken: string | null }> {
  const body = { jql, fields: factFields, maxResults, ...(nextPageToken && { nextPageToken }) };
  const answer = await jira.post(`${api}/search/jql`, { body, schema: searchAnswer });
  return { issues: factsOf(answer.issues, place), nextPageToken: answer.nextPageToken ?? null };
}

/** Those of these issues, by id or key, that the asker sees; the others are not mentioned. At most 100. */
export async function fetchIssues(jira: JiraClient, place: Place, idsOrKeys: string[]): Promise<IssueFacts[]> {
  const answer = await jira.post(`${api}/issue/bulkfetch`, { body: { issueIdsOrKeys: idsOrKeys, fields: factFields }, schema: z.object({ issues: z.array(z.unknown()) }) });
  return factsOf(answer.issues, place);
}

export interface Transition {
  id: string;
  name: string;
  status: string | null;
  statusCategory: string | null;
  /** It asks for fields that only Jira's own screen has. */
  needsFields: string[];
}

export interface HistoryEntry {
  id: string;
  at: string;
  author: Account | null;
  changes: { field: string; from: string | null; to: string | null }[];
}

export interface FullIssue {
  facts: IssueFacts;
  description: RichDocument;
  createdAt: string | null;
  dueDate: string | null;
  parent: { key: string; summary: string } | null;
  transitions: Transition[];
  /** The latest first. */
  history: HistoryEntry[];
}

/** One issue with what may be done to it. A key that it had before it was moved finds it too. @throws JiraError not-found when it is gone or hidden. */
export async function readIssue(jira: JiraClient, place: Place, idOrKey: string): Promise<FullIssue> {
  const issue = objectOf(
    await jira.get(expand(`${api}/issue/{idOrKey}`, { idOrKey }), {
      query: { fields: [...factFields, "description", "created", "duedate", "parent"].join(","), expand: "transitions,changelog" },
    }),
  );
  const facts = issueFactsOf(issue, place);
  if (!facts) throw new JiraError("unavailable", { messages: ["an issue without id or key"] });
  const fields = objectOf(issue.fields);
  const parent = objectOf(fields.parent);
  const parentKey = text(parent.key, 60);
  return {
    facts,
    description: readDocument(fields.description),
    createdAt: instant(fields.created),
    dueDate: text(fields.duedate, 10),
    parent: parentKey === null ? null : { key: parentKey, summary: text(objectOf(parent.fields).summary) ?? "" },
    transitions: listOf(issue.transitions).flatMap(transitionOf),
    history: historyOf(issue.changelog),
  };
}

function transitionOf(value: unknown): Transition[] {
  const transition = objectOf(value);
  const [id, name] = [text(transition.id, 50), text(transition.name, 200)];
  if (id === null || name === null) return [];
  const to = objectOf(transition.to);
  return [{ id, name, status: text(to.name, 200), statusCategory: text(objectOf(to.statusCategory).key, 50), needsFields: requiredOf(transition.fields) }];
}

const requiredOf = (fields: unknown): string[] =>
  Object.entries(objectOf(fields)).flatMap(([id, value]) => {
    const field = objectOf(value);
    return field.required === true && field.hasDefaultValue !== true ? [text(field.name, 200) ?? id] : [];
  });

const historyAtMost = 8;

function historyOf(changelog: unknown): HistoryEntry[] {
  const entries = listOf(objectOf(changelog).histories).flatMap((value): HistoryEntry[] => {
    const entry = objectOf(value);
    const [id, at] = [text(entry.id, 50), instant(entry.created)];
    const changes = listOf(entry.items).slice(0, 20).flatMap((item) => {
      const { field, fromString } = objectOf(item);
      const name = text(field, 100);
      // The new value's name is that of a method every object has.
      const to = Object.hasOwn(objectOf(item), "toString") ? text(objectOf(item).toString, 200) : null;
      return name === null ? [] : [{ field: name, from: text(fromString, 200), to }];
    });
    return id === null || at === null || changes.length === 0 ? [] : [{ id, at, author: accountOf(entry.author), changes }];
  });
  return entries.sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, historyAtMost);
}

export interface Comment {
  id: string;
  author: Account | null;
  at: string | null;
  edited: boolean;
  body: RichDocument;
}

/** The latest ones, the oldest of them first. */
export async function latestComments(jira: JiraClient, idOrKey: string, count: number): Promise<{ comments: Comment[]; total: number }> {
  const answer = objectOf(await jira.get(expand(`${api}/issue/{idOrKey}/comment`, { idOrKey }), { query: { orderBy: "-created", startAt: 0, maxResults: count } }));
  const comments = listOf(answer.comments).flatMap((value): Comment[] => {
    const comment = objectOf(value);
    const id = text(comment.id, 50);
    if (id === null) return [];
    const [at, updated] = [instant(comment.created), instant(comment.updated)];
    return [{ id, author: accountOf(comment.author), at, edited: updated !== null && updated !== at, body: readDocument(comment.body) }];
  });
  return { comments: comments.reverse(), total: typeof answer.total === "number" ? answer.total : comments.length };
}

const made = z.object({ id: z.coerce.string() });

export const addComment = async (jira: JiraClient, idOrKey: string, body: AdfNode): Promise<string> =>
  (await jira.post(expand(`${api}/issue/{idOrKey}/comment`, { idOrKey }), { body: { body }, schema: made })).id;

export async function transitionIssue(jira: JiraClient, idOrKey: string, transitionId: string): Promise<void> {
  await jira.post(expand(`${api}/issue/{idOrKey}/transitions`, { idOrKey }), { body: { transition: { id: transitionId } } });
}

/** Null is nobody. */
export async function assignIssue(jira: JiraClient, idOrKey: string, accountId: string | null): Promise<void> {
  await jira.put(expand(`${api}/issue/{idOrKey}/assignee`, { idOrKey }), { body: { accountId } });
}

export interface NewIssue {
  project: string;
  typeId: string;
  summary: string;
  description: AdfNode | null;
  assigneeId: string | null;
  priorityId: string | null;
  labels: string[];
}

export async function createIssue(jira: JiraClient, issue: NewIssue): Promise<{ id: string; key: string }> {
  const fields = {
    project: { key: issue.project },
    issuetype: { id: issue.typeId },
    summary: issue.summary,
    ...(issue.description && { description: issue.description }),
    ...(issue.assigneeId && { assignee: { accountId: issue.assigneeId } }),
    ...(issue.priorityId && { priority: { id: issue.priorityId } }),
    ...(issue.labels.length > 0 && { labels: issue.labels }),
  };
  return jira.post(`${api}/issue`, { body: { fields }, schema: z.object({ id: z.coerce.string(), key: z.string() }) });
}

export interface Project {
  id: string;
  key: string;
  name: string;
}

/** Projects that the asker may look into, or (`create`) make issues in. The first hundred by key. */
export async function projectsFor(jira: JiraClient, action: "view" | "create"): Promise<Project[]> {
  const answer = objectOf(await jira.get(`${api}/project/search`, { query: { action, orderBy: "key", maxResults: 100 } }));
  return listOf(answer.values).flatMap((value) => {
    const project = objectOf(value);
    const [id, key] = [text(project.id, 50), text(project.key, 50)];
    return id === null || key === null ? [] : [{ id, key, name: text(project.name, 200) ?? key }];
  });
}

export interface IssueType {
  id: string;
  name: string;
}

/** What may be made there on its own; a sub-task needs a parent. */
export async function issueTypesOf(jira: JiraClient, project: string): Promise<IssueType[]> {
  const answer = objectOf(await jira.get(expand(`${api}/issue/createmeta/{project}/issuetypes`, { project }), { query: { maxResults: 100 } }));
  return listOf(answer.issueTypes ?? answer.values).flatMap((value) => {
    const type = objectOf(value);
    const [id, name] = [text(type.id, 50), text(type.name, 200)];
    return id === null || name === null || type.subtask === true ? [] : [{ id, name }];
  });
}

/** Fields that the form of a new issue has. */
const fillable = new Set(["project", "issuetype", "summary", "description", "assignee", "priority", "labels", "reporter"]);

export interface CreateScreen {
  has: { description: boolean; assignee: boolean; priority: boolean; labels: boolean };
  priorities: { id: string; name: string }[];
  defaultPriorityId: string | null;
  /** By name: required there, and not to be filled here. */
  missing: string[];
}

export async function createScreenOf(jira: JiraClient, project: string, typeId: string): Promise<CreateScreen> {
  const answer = objectOf(await jira.get(expand(`${api}/issue/createmeta/{project}/issuetypes/{typeId}`, { project, typeId }), { query: { maxResults: 200 } }));
  const fields = listOf(answer.fields ?? answer.values).map(objectOf);
  const field = (id: string) => fields.find(({ fieldId, key }) => (fieldId ?? key) === id);
  const priority = objectOf(field("priority"));
  return {
    has: { description: Boolean(field("description")), assignee: Boolean(field("assignee")), priority: Boolean(field("priority")), labels: Boolean(field("labels")) },
    priorities: listOf(priority.allowedValues).flatMap((value) => {
      const one = objectOf(value);
      const [id, name] = [text(one.id, 50), text(one.name, 200)];
      return id === null || name === null ? [] : [{ id, name }];
    }),
    defaultPriorityId: text(objectOf(priority.defaultValue).id, 50),
    missing: fields.flatMap((one) => {
      const id = text(one.fieldId ?? one.key, 100);
      return id === null || fillable.has(id) || one.required !== true || one.hasDefaultValue === true ? [] : [text(one.name, 200) ?? id];
    }),
  };
}

/** Who may be given issues of this project. The first hundred. */
export async function assignableIn(jira: JiraClient, project: string): Promise<Account[]> {
  const answer = await jira.get(`${api}/user/assignable/search`, { query: { project, maxResults: 100 } });
  return listOf(answer).flatMap((value) => accountOf(value) ?? []);
}
