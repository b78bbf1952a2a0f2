import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import type { Tenant } from "@/lib/platform/db/client";
import type { AskedChange, AskedPlace, ChangesPage, ChangesWish } from "../../plugin";
import { JiraError, jiraClient, type JiraClient } from "./client";
import { expand } from "./expand";
import { instant, listOf, objectOf, text, type Json } from "./json";

const api = "/rest/api/3";
const issuesAPage = 50;
const entriesAPage = 100;
const commentPagesMax = 10;

/** What a webhook carries of an issue, as far as it is read, and what happened to it. */
const fields = ["summary", "status", "issuetype", "project", "priority", "assignee", "reporter", "creator", "labels", "security", "created", "updated", "description", "comment"];

/**
 * Where a page ended: at this instant of `updated`. Usually the next one asks from there, which stays right while issues change and however
 * long it takes. Only where a page does not get beyond its own instant (a bulk change) does it go on with Jira's token for the same query.
 */
const cursor = z.object({ at: z.iso.datetime(), page: z.object({ jql: z.string(), token: z.string() }).nullable() });
type Cursor = z.output<typeof cursor>;

/** Jira's clock and ours, and minutes that are cut off. */
const overlapMinutes = 2;

/**
 * Issues, changes and comments since an instant, oldest first. JQL knows dates only to the minute and in the time zone of the account, so it
 * is asked in minutes before now.
 */
export async function changesSince(tenant: Tenant, { credentialId, metadata: { cloudId } }: AskedPlace, { since, filters, after }: ChangesWish): Promise<ChangesPage> {
  if (!cloudId) return { changes: [], after: null };
  const jira = jiraClient(tenant, { credentialId, cloudId });
  const from = after === null ? { at: since.toISOString(), page: null } : cursor.parse(JSON.parse(after));
  try {
    const { issues, next } = await pageFrom(jira, from, filters);
    const changes: AskedChange[] = [];
    for (const issue of issues) changes.push(...(await changesOf(jira, issue, since.toISOString())));
    return { changes, after: next && JSON.stringify(next) };
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    const later = error.kind === "rate-limited" || error.kind === "unavailable" ? error.kind : "refused";
    return { later, detail: error.message, retryAfterSeconds: error.retryAfterSeconds };
  }
}

const searchAnswer = z.object({ issues: z.array(z.unknown()), nextPageToken: z.string().nullish(), isLast: z.boolean().optional() });

async function pageFrom(jira: JiraClient, from: Cursor, filters: string[]): Promise<{ issues: Json[]; next: Cursor | null }> {
  const jql = from.page?.jql ?? queryFrom(from.at, filters);
  const answer = await search(jira, jql, from.page?.token);
  if (answer === null) return pageFrom(jira, { ...from, page: null }, filters);
  const issues = answer.issues.map(objectOf);
  const last = instant(objectOf(issues.at(-1)?.fields).updated);
  const token = answer.nextPageToken;
  if (!token || answer.isLast === true) return { issues, next: null };
  const isBeyond = last !== null && Date.parse(last) - Date.parse(from.at) > 2 * overlapMinutes * 60_000;
  return { issues, next: isBeyond ? { at: last, page: null } : { at: from.at, page: { jql, token } } };
}

function queryFrom(at: string, filters: string[]): string {
  const minutes = Math.max(1, Math.ceil((clock.nowMs() - Date.parse(at)) / 60_000)) + overlapMinutes;
  const limited = filters.length > 0 ? `(${filters.map((filter) => `(${filter})`).join(" OR ")}) AND ` : "";
  return `${limited}updated >= "-${minutes}m" ORDER BY updated ASC`;
}

/** Null when the token is no good any more: the query is then asked anew from where the pages began. */
async function search(jira: JiraClient, jql: string, token: string | undefined): Promise<z.output<typeof searchAnswer> | null> {
  try {
    const body = { jql, fields, expand: "changelog", maxResults: issuesAPage, ...(token && { nextPageToken: token }) };
    return await jira.post(`${api}/search/jql`, { body, schema: searchAnswer });
  } catch (error) {
    if (token && error instanceof JiraError && error.kind === "invalid") return null;
    throw error;
  }
}

async function changesOf(jira: JiraClient, issue: Json, since: string): Promise<AskedChange[]> {
  const { comment, ...rest } = objectOf(issue.fields);
  const id = text(issue.id, 50);
  if (id === null) return [];
  const slim = { id, key: issue.key, self: issue.self, fields: rest };
  const projectId = text(objectOf(rest.project).id, 50);
  const changes = [
    ...createdOf(slim, rest, since),
    ...(await entriesOf(jira, id, objectOf(issue.changelog), since)).flatMap((entry) => updatedOf(slim, id, entry)),
    ...(await commentsOf(jira, id, objectOf(comment))).flatMap((each) => commentedOf(slim, each, since)),
  ];
  return changes.sort((a, b) => a.at - b.at).map(({ changeKey, body, at }) => ({ changeKey, projectId, body: { ...body, timestamp: at } }));
}

type Slim = Json & { fields: Json };
type Change = { changeKey: string; body: Json; at: number };

function createdOf(issue: Slim, { created, creator, reporter }: Json, since: string): Change[] {
  const at = instant(created);
  if (at === null || at < since) return [];
  const body = { webhookEvent: "jira:issue_created", issue_event_type_name: "issue_created", user: creator ?? reporter, issue };
  return [{ changeKey: `created:${String(issue.id)}`, body, at: Date.parse(at) }];
}

/** With the issue's `updated` of then, so that what happened to it keeps its order. */
function updatedOf(issue: Slim, issueId: string, entry: Json): Change[] {
  const [id, at] = [text(entry.id, 50), instant(entry.created)];
  if (id === null || at === null || listOf(entry.items).length === 0) return [];
  const then = { ...issue, fields: { ...issue.fields, updated: at } };
  const body = { webhookEvent: "jira:issue_updated", user: entry.author, issue: then, changelog: { id, items: entry.items } };
  return [{ changeKey: `changelog:${issueId}:${id}`, body, at: Date.parse(at) }];
}

/** Of a comment that was written and edited meanwhile, both are told, as webhooks would have. */
function commentedOf(issue: Slim, comment: Json, since: string): Change[] {
  const [id, created, updated] = [text(comment.id, 50), instant(comment.created), instant(comment.updated)];
  if (id === null) return [];
  const written = created !== null && created >= since ? [{ changeKey: `comment:${id}:created`, body: { webhookEvent: "comment_created", comment, issue }, at: Date.parse(created) }] : [];
  const isEdited = updated !== null && updated >= since && updated !== created;
  const edited = isEdited ? [{ changeKey: `comment:${id}:${updated}`, body: { webhookEvent: "comment_updated", comment, issue }, at: Date.parse(updated) }] : [];
  return [...written, ...edited];
}

/** A search carries the latest changes of an issue; the rest is asked for when the oldest of them is still news. */
async function entriesOf(jira: JiraClient, issueId: string, changelog: Json, since: string): Promise<Json[]> {
  const entries = listOf(changelog.histories).map(objectOf);
  const total = typeof changelog.total === "number" ? changelog.total : entries.length;
  const isNews = (entry: Json) => (instant(entry.created) ?? "") >= since;
  if (total > entries.length && entries.every(isNews)) {
    const found: Json[] = [];
    for (let end = total; end > 0; end -= entriesAPage) {
      const startAt = Math.max(0, end - entriesAPage);
      const page = objectOf(await jira.get(expand(`${api}/issue/{issueId}/changelog`, { issueId }), { query: { startAt, maxResults: end - startAt } }));
      const values = listOf(page.values).map(objectOf);
      found.push(...values);
      if (!values.every(isNews)) break;
    }
    return found.filter(isNews);
  }
  return entries.filter(isNews);
}

/** All of them, as one written long ago may have been edited meanwhile; of thousands, the latest. */
async function commentsOf(jira: JiraClient, issueId: string, page: Json): Promise<Json[]> {
  const comments = listOf(page.comments).map(objectOf);
  const total = typeof page.total === "number" ? page.total : comments.length;
  if (total <= comments.length) return comments;
  const found: Json[] = [];
  for (let pages = 0; pages < commentPagesMax && found.length < total; pages += 1) {
    const query = { orderBy: "-created", startAt: found.length, maxResults: entriesAPage };
    const next = listOf(objectOf(await jira.get(expand(`${api}/issue/{issueId}/comment`, { issueId }), { query })).comments).map(objectOf);
    if (next.length === 0) break;
    found.push(...next);
  }
  return found;
}
