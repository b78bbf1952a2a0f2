import { createHash } from "node:crypto";
import { isRecord, type Answer } from "../http";
import { find } from "../jql/evaluate";
import { JqlError } from "../jql/lexer";
import { parseJql, type Query } from "../jql/parser";
import { issueOf } from "../jira/represent";
import { listOf, refuse, type Call } from "./call";

const tokenLifeMs = 7 * 24 * 3_600_000;
const mostIds = 5_000;
const mostIssues = 100;

interface Asked {
  jql: string;
  fields: string[];
  expand: string[];
  maxResults: number;
  nextPageToken: string | null;
}

/** GET and POST /search/jql: bounded queries only, ids only unless fields are asked for, no total. */
export function searchJql(call: Call): unknown {
  const asked = readSearch(call);
  const query = parsed(asked.jql);
  if (query.where === null) throw refuse(400, ["Unbounded JQL queries are not allowed here. Please add a search restriction to your query."]);
  const idsOnly = asked.fields.every((field) => field === "id" || field === "key");
  const { engine, site, account } = call;
  const found = attempt(() => find(query, { store: engine.store, siteId: site.id, account, now: engine.clock.now() }));
  const start = asked.nextPageToken === null ? 0 : startOf(call, asked.nextPageToken, asked.jql);
  const end = start + Math.min(asked.maxResults, idsOnly ? mostIds : mostIssues);
  const isLast = end >= found.length;
  const fields = asked.fields.length > 0 ? asked.fields : ["id"];
  return {
    issues: found.slice(start, end).map((issue) => issueOf(call.voice, issue, { fields, expand: asked.expand })),
    ...(!isLast && { nextPageToken: tokenFor(call, end, asked.jql) }),
    isLast,
  };
}

function readSearch(call: Call): Asked {
  if (isRecord(call.body)) {
    const { jql, fields, expand, maxResults, nextPageToken } = call.body;
    const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : typeof value === "string" ? value.split(",") : []);
    return {
      jql: typeof jql === "string" ? jql : "",
      fields: texts(fields),
      expand: texts(expand),
      maxResults: count(maxResults ?? 50),
      nextPageToken: typeof nextPageToken === "string" ? nextPageToken : null,
    };
  }
  return {
    jql: call.query.get("jql") ?? "",
    fields: listOf(call, "fields"),
    expand: listOf(call, "expand"),
    maxResults: count(call.query.get("maxResults") ?? 50),
    nextPageToken: call.query.get("nextPageToken"),
  };
}

function count(value: unknown): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw refuse(400, ["The value of 'maxResults' must be a non-negative integer."]);
  return number === 0 ? 50 : number;
}

function parsed(jql: string): Query {
  return attempt(() => parseJql(jql));
}

/** Faults of a query are the asker's. */
function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof JqlError) throw refuse(400, [error.message]);
    throw error;
  }
}

const hashOf = (jql: string): string => createHash("sha256").update(jql).digest("hex").slice(0, 12);

const tokenFor = ({ engine }: Call, start: number, jql: string): string => Buffer.from(JSON.stringify([start, hashOf(jql), engine.clock.life() + tokenLifeMs])).toString("base64url");

/** A token belongs to its query and lives a week. */
function startOf({ engine }: Call, token: string, jql: string): number {
  const invalid = (): Answer => refuse(400, ["The provided next page token is invalid or expired."]);
  try {
    const [start, hash, until] = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as unknown[];
    if (typeof start === "number" && hash === hashOf(jql) && typeof until === "number" && until > engine.clock.life()) return start;
  } catch {
    throw invalid();
  }
  throw invalid();
}

export function searchGone(): never {
  throw refuse(410, ["The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"]);
}
