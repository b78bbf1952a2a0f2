import { and, desc, eq, isNull } from "drizzle-orm";
import { inTenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { pluginConnections } from "../../connections/tables";
import { clock } from "@/lib/platform/clock";
import type { IssueFacts } from "../../events";
import { plainOf } from "../../plugins/jira/adf";
import { JiraError, refusedByJira } from "../../plugins/jira/client";
import {
  assignableIn,
  createScreenOf,
  issueTypesOf,
  latestComments,
  projectsFor,
  readIssue,
  searchIssues,
  type Account,
  type Comment,
  type CreateScreen,
  type FullIssue,
  type IssueType,
  type Project,
} from "../../plugins/jira/issues";
import { jqlOf, quoted } from "../../plugins/jira/jql";
import { noteSights } from "../commands";
import { deskOf, jiraSites, type Desk } from "../desk/queries";
import type { SearchIssuesInput } from "../inputs";
import { isIssueKey, keyOfText, keysOf } from "../keys/inputs";
import { cardOf, type IssueCard } from "../mappings";
import { storedCard } from "../queries";

import { jiraIssues } from "../tables";
import { issueTopic } from "../topics";

export interface FoundIssues {
  connectionId: string;
  issues: IssueFacts[];
  /** For the next page; null on the last. */
  cursor: string | null;
}

/**
 * Searches as the member sees Jira. A key, or the address of an issue, finds that issue.
 * @throws Refused ACCOUNT_NEEDED, RECONNECT_NEEDED, NOT_FOUND (no such site), JIRA_UNAVAILABLE, INVALID with Jira's own words about the query.
 */
export async function findIssues(member: Member, input: SearchIssuesInput): Promise<FoundIssues> {
  const desk = await deskOf(member, input.connection);
  const key = input.jql ? null : keyOfText(input.text ?? "");
  const named = key && !input.cursor ? await oneByKey(desk, key) : null;
  const { issues, nextPageToken } = named
    ? { issues: [named], nextPageToken: null }
    : await searchIssues(desk.jira, desk.connection, { jql: input.jql || jqlOf(input), nextPageToken: input.cursor, maxResults: input.limit }).catch((error: unknown) => {
        throw refusedQuery(error, input.jql ? "jql" : "text");
      });
  await noteSights(member, desk, { seen: issues });
  return { connectionId: desk.connection.id, issues, cursor: nextPageToken };
}

async function oneByKey({ jira, connection }: Desk, key: string): Promise<IssueFacts | null> {
  try {
    return (await readIssue(jira, connection, key)).facts;
  } catch (error) {
    if (error instanceof JiraError && error.kind === "not-found") return null;
    throw refusedByJira(error);
  }
}

function refusedQuery(error: unknown, field: "jql" | "text"): Refused {
  if (!(error instanceof JiraError) || error.kind !== "invalid") return refusedByJira(error);
  const words = [...error.messages, ...Object.values(error.errors)].join(" ");
  return new Refused("INVALID", { detail: words, fields: [{ path: [field], code: "jira", detail: words }] });
}

/** As a list shows them. */
export const cardsOfFound = ({ connectionId, issues }: FoundIssues): IssueCard[] =>
  issues.map((facts) => cardOf({ connectionId, facts, deletedAt: null, checkedAt: clock.now(), topic: issueTopic(connectionId, facts.id) }));

/** Projects that the member may look into at this site. @throws as `findIssues`. */
export async function projectsToSearch(member: Member, connectionId?: string): Promise<Project[]> {
  const { jira } = await deskOf(member, connectionId);
  return projectsFor(jira, "view").catch((error: unknown) => {
    throw refusedByJira(error);
  });
}

export interface OpenIssue {
  state: "open";
  issue: FullIssue;
  comments: Comment[];
  commentCount: number;
  /** Whose eyes these are, over there. */
  account: Account;
  topic: string;
  /** Other issues that it speaks of. */
  mentioned: string[];
}

/**
 * An issue as one member can be shown it.
 * - `moved`: it has another key now · `gone`: deleted, never there, or not for this member; Jira does not say which
 * - `unlinked`, `broken`: only their own account could tell, and there is none, or its grant is over · `silent`: Jira does not answer
 */
export type IssueView =
  | OpenIssue
  | { state: "moved"; key: string }
  | { state: "gone"; card: IssueCard | null }
  | { state: "unlinked" | "broken" | "silent"; card: IssueCard | null };

export const commentsAtFirst = 20;
export const commentsAtMost = 100;

/** @throws Refused NOT_FOUND when there is no such site or this is no key. */
export async function issueView(member: Member, connectionId: string, key: string, commentCount = commentsAtFirst): Promise<IssueView> {
  if (!isIssueKey(key)) throw new Refused("NOT_FOUND");
  try {
    const { desk, issue, comments } = await openIssue(member, connectionId, key, commentCount);
    if (issue.facts.key !== key) return { state: "moved", key: issue.facts.key };
    const { accountId, accountName } = desk.person;
    return {
      state: "open",
      issue,
      comments: comments.comments,
      commentCount: comments.total,
      account: { id: accountId, name: accountName },
      topic: issueTopic(connectionId, issue.facts.id),
      mentioned: mentionedIn(issue, comments.comments).filter((other) => other !== key),
    };
  } catch (error) {
    const state = stateOf(error);
    return { state, card: await storedCard(member, connectionId, key) };
  }
}

const mentionedIn = (issue: FullIssue, comments: Comment[]): string[] =>
  keysOf([...(issue.parent ? [issue.parent.key] : []), plainOf(issue.description), ...comments.map(({ body }) => plainOf(body))]);

function stateOf(error: unknown): "gone" | "unlinked" | "broken" | "silent" {
  if (error instanceof JiraError) {
    if (error.kind === "not-found" || error.kind === "forbidden" || error.kind === "invalid") return "gone";
    return error.kind === "broken" || error.kind === "scope" ? "broken" : "silent";
  }
  if (error instanceof Refused && error.code === "ACCOUNT_NEEDED") return "unlinked";
  if (error instanceof Refused && error.code === "RECONNECT_NEEDED") return "broken";
  throw error;
}

async function openIssue(member: Member, connectionId: string, key: string, commentCount: number) {
  const desk = await deskOf(member, connectionId);
  try {
    const [issue, comments] = await Promise.all([readIssue(desk.jira, desk.connection, key), latestComments(desk.jira, key, commentCount)]);
    await noteSights(member, desk, { seen: [issue.facts] });
    return { desk, issue, comments };
  } catch (error) {
    if (error instanceof JiraError && (error.kind === "not-found" || error.kind === "forbidden")) await noteHidden(member, desk, key);
    throw error;
  }
}

/** It is not there for them: their cards say so from now on. */
async function noteHidden(member: Member, desk: Desk, key: string): Promise<void> {
  const rows = await inTenant(member, (tx) =>
    tx.select({ issueId: jiraIssues.issueId }).from(jiraIssues).where(and(eq(jiraIssues.connectionId, desk.connection.id), eq(jiraIssues.key, key), isNull(jiraIssues.deletedAt))),
  );
  await noteSights(member, desk, { seen: [], hidden: rows.map(({ issueId }) => issueId) });
}

/** For the API. @throws Refused as `findIssues`, and NOT_FOUND when it is gone or hidden. */
export async function issueOf(member: Member, connectionId: string, key: string) {
  try {
    return await openIssue(member, connectionId, key, commentsAtFirst);
  } catch (error) {
    throw error instanceof Refused ? error : refusedByJira(error);
  }
}

/**
 * Where an issue with this key is: the site that is named, else the one it was last heard of at, else the first.
 * @throws Refused NOT_FOUND
 */
export async function connectionOfKey(member: Member, key: string, named?: string): Promise<string> {
  if (!isIssueKey(key)) throw new Refused("NOT_FOUND");
  const sites = await jiraSites(member);
  if (named) {
    if (!sites.some(({ id }) => id === named)) throw new Refused("NOT_FOUND");
    return named;
  }
  const heard = sites.length < 2 ? [] : await inTenant(member, (tx) =>
    tx
      .select({ id: jiraIssues.connectionId })
      .from(jiraIssues)
      .innerJoin(pluginConnections, and(eq(pluginConnections.id, jiraIssues.connectionId), isNull(pluginConnections.disconnectedAt)))
      .where(and(eq(jiraIssues.organizationId, member.organizationId), eq(jiraIssues.key, key)))
      .orderBy(desc(jiraIssues.updatedAt))
      .limit(1),
  );
  const id = heard[0]?.id ?? sites[0]?.id;
  if (!id) throw new Refused("NOT_FOUND");
  return id;
}

export interface NewIssueChoices {
  projects: Project[];
  project: Project | null;
  types: IssueType[];
  type: IssueType | null;
  screen: CreateScreen | null;
  people: Account[];
  /** Jira's own form, for what this one cannot do. */
  jiraUrl: string | null;
}

/** What may be chosen for a new issue, step by step: project, type, fields. @throws as `findIssues`. */
export async function newIssueChoices(member: Member, wish: { connectionId?: string; project?: string; typeId?: string }): Promise<NewIssueChoices> {
  const { jira, connection } = await deskOf(member, wish.connectionId);
  try {
    const projects = await projectsFor(jira, "create");
    const project = projects.find(({ key }) => key === wish.project) ?? projects[0] ?? null;
    if (!project) return { projects, project, types: [], type: null, screen: null, people: [], jiraUrl: null };
    const [types, people] = await Promise.all([issueTypesOf(jira, project.key), assignableIn(jira, project.key)]);
    const type = types.find(({ id }) => id === wish.typeId) ?? types.find(({ name }) => name === "Task") ?? types[0] ?? null;
    const screen = type && (await createScreenOf(jira, project.key, type.id));
    const { siteUrl } = connection.metadata;
    const jiraUrl = siteUrl && type ? `${siteUrl.replace(/\/+$/, "")}/secure/CreateIssueDetails!init.jspa?${new URLSearchParams({ pid: project.id, issuetype: type.id })}` : null;
    return { projects, project, types, type, screen, people, jiraUrl };
  } catch (error) {
    throw refusedByJira(error);
  }
}

/** Comments and issues that this account made since then, for whoever has to find out whether theirs is among them. */
export const issuesMadeSince = async ({ jira, connection }: Desk, project: string, since: Date): Promise<IssueFacts[]> => {
  const minutes = Math.ceil((clock.nowMs() - since.getTime()) / 60_000) + 1;
  return (await searchIssues(jira, connection, { jql: `reporter = currentUser() AND project = ${quoted(project)} AND created >= "-${minutes}m" ORDER BY created DESC`, maxResults: 20 })).issues;
};
