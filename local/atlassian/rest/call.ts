import type { Engine } from "../engine";
import { Answer, isRecord } from "../http";
import { maySee } from "../jql/asker";
import type { Actor } from "../jira/changes";
import type { Voice } from "../jira/represent";
import type { Account, Client, Issue, Project, Site } from "../world/entities";

/** One call of the REST API, after the gateway let it pass. */
export interface Call {
  engine: Engine;
  site: Site;
  account: Account;
  /** The application that calls; null for the engine's own page, which may do what the account may. */
  client: Client | null;
  voice: Voice;
  path: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
}

export const actorOf = ({ engine, site, account }: Call): Actor => ({ engine, site, account });

/** Jira's own form of an error. */
export const refuse = (status: number, errorMessages: string[], errors: Record<string, string> = {}): Answer => new Answer(status, { errorMessages, errors });

export const refuseFields = (errors: Record<string, string>): Answer => refuse(400, [], errors);

export function objectOf(call: Call): Record<string, unknown> {
  if (!isRecord(call.body)) throw refuse(400, ["The request body is not a JSON object."]);
  return call.body;
}

/** Of an issue that one may not see nobody learns that it exists. */
export function issueOfCall(call: Call, idOrKey = call.path.issue ?? ""): Issue {
  const issue = findIssue(call, idOrKey);
  if (!issue) throw refuse(404, ["Issue does not exist or you do not have permission to see it."]);
  return issue;
}

export function findIssue({ engine, site, account }: Pick<Call, "engine" | "site" | "account">, idOrKey: string): Issue | null {
  const key = idOrKey.toUpperCase();
  const issues = engine.store.all("issues").filter(({ siteId }) => siteId === site.id);
  const issue = issues.find((one) => one.id === idOrKey || one.key === key) ?? issues.find(({ formerKeys }) => formerKeys.includes(key));
  const project = issue && engine.store.get("projects", issue.projectId);
  return issue && project && maySee(project, account.id) ? issue : null;
}

export const visibleProjects = ({ engine, site, account }: Pick<Call, "engine" | "site" | "account">): Project[] =>
  engine.store.all("projects").filter((project) => project.siteId === site.id && maySee(project, account.id));

export function projectOfCall(call: Call, idOrKey = call.path.project ?? ""): Project {
  const project = visibleProjects(call).find(({ id, key }) => id === idOrKey || key === idOrKey.toUpperCase());
  if (!project) throw refuse(404, [`No project could be found with ${/^\d+$/.test(idOrKey) ? "id" : "key"} '${idOrKey}'.`]);
  return project;
}

/** Who may work on issues of a project: whoever may see it. */
export const assignable = ({ engine, site }: Call, project: Project): Account[] =>
  engine.store.all("accounts").filter(({ id }) => site.members.includes(id) && maySee(project, id));

/** `startAt` and `maxResults`, as older endpoints page. */
export function paged<T>(call: Call, all: readonly T[], { usual = 50, most = 100 }: { usual?: number; most?: number } = {}): { startAt: number; maxResults: number; total: number; isLast: boolean; values: T[] } {
  const startAt = wholeNumber(call, "startAt", 0);
  const maxResults = Math.min(most, wholeNumber(call, "maxResults", usual));
  return { startAt, maxResults, total: all.length, isLast: startAt + maxResults >= all.length, values: all.slice(startAt, startAt + maxResults) };
}

function wholeNumber({ query }: Call, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null || text === "") return otherwise;
  if (!/^\d+$/.test(text)) throw refuse(400, [`The value of '${name}' must be a non-negative integer.`]);
  return Number(text);
}

/** `a,b` and repeated parameters alike. */
export const listOf = ({ query }: Call, name: string): string[] => query.getAll(name).flatMap((value) => value.split(",")).map((value) => value.trim()).filter(Boolean);

export const isAdmin = ({ site, account }: Pick<Call, "site" | "account">): boolean => site.admins.includes(account.id);
