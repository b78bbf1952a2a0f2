import { LRUCache } from "lru-cache";
import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers } from "@/lib/organizations/tables";
import { openProjects, pluginConnections } from "../connections/tables";
import { oauthCredentials } from "../credentials/tables";
import { verdict } from "../people/sights/rules";
import { pluginPeople, sights } from "../people/tables";
import { JiraError } from "../plugins/jira/client";
import { fetchIssues } from "../plugins/jira/issues";
import { noteSights } from "./commands";
import { deskOf } from "./desk/queries";
import { cardOf, type IssueCard } from "./mappings";
import { isIssueKey, projectOfKey } from "./keys/inputs";
import { sightLastsInOutageMs } from "./rules";
import { jiraIssues } from "./tables";
import { issueTopic } from "./topics";

/** A page asks for no more; the others stay text. */
const cardsAtMost = 100;

/** Cache: owner this file; keys nobody needs to ask about again for one member, because nothing there was for them; life five minutes; nothing clears it. */
const nothingThere = new LRUCache<string, true>({ max: 20_000, ttl: 5 * 60 * 1000 });

/**
 * The cards of those of these keys that this member may see, by key. A key that is missing is not known or not for them to know: which of
 * the two is not told. Whoever linked their account sees what it sees, and Jira is asked, once a site, about what it was not asked about
 * lately; whoever has none sees what is open to a workspace of theirs, as it was last heard of.
 */
export async function cardsOf(member: Member, keys: string[]): Promise<Map<string, IssueCard>> {
  const wanted = [...new Set(keys)].filter(isIssueKey).slice(0, cardsAtMost);
  if (wanted.length === 0) return new Map();
  const known = await inTenant(member, (tx) => storedFor(tx, member, wanted));
  const asks = await whatToAsk(member, wanted, known);
  if (asks.size === 0) return cardsFrom(known);
  const unanswered = (await Promise.all([...asks].map(([connectionId, ask]) => askAbout(member, connectionId, ask)))).flat();
  const answered = await inTenant(member, (tx) => storedFor(tx, member, wanted));
  return cardsFrom(answered, new Set(unanswered));
}

/** What is stored of one issue, if this member may see it; while Jira does not answer, also what they saw within the hour. */
export async function storedCard(member: Member, connectionId: string, key: string): Promise<IssueCard | null> {
  const rows = (await inTenant(member, (tx) => storedFor(tx, member, [key]))).filter((row) => row.connectionId === connectionId);
  return cardsFrom(rows, new Set([connectionId])).get(key) ?? null;
}

type Stored = Awaited<ReturnType<typeof storedFor>>[number];

async function storedFor(tx: Tx, member: Member, keys: string[]) {
  const rows = await tx
    .select({
      connectionId: jiraIssues.connectionId,
      issueId: jiraIssues.issueId,
      key: jiraIssues.key,
      facts: jiraIssues.facts,
      deletedAt: jiraIssues.deletedAt,
      checkedAt: jiraIssues.checkedAt,
      personId: pluginPeople.id,
      broken: sql<boolean>`${oauthCredentials.brokenAt} is not null`,
      seen: sights.visible,
      seenAt: sights.checkedAt,
      open: sql<boolean>`exists (select 1 from ${openProjects} join ${workspaceMembers} on ${workspaceMembers.workspaceId} = ${openProjects.workspaceId}
        where ${openProjects.connectionId} = ${jiraIssues.connectionId} and ${openProjects.projectId} = ${jiraIssues.projectId} and ${workspaceMembers.memberId} = ${member.id})
        and ${jiraIssues.facts} ->> 'restricted' is distinct from 'true'`,
    })
    .from(jiraIssues)
    .innerJoin(pluginConnections, and(eq(pluginConnections.id, jiraIssues.connectionId), isNull(pluginConnections.disconnectedAt)))
    .leftJoin(pluginPeople, and(eq(pluginPeople.organizationId, member.organizationId), eq(pluginPeople.memberId, member.id), eq(pluginPeople.plugin, pluginConnections.plugin)))
    .leftJoin(oauthCredentials, eq(oauthCredentials.id, pluginPeople.credentialId))
    .leftJoin(sights, and(eq(sights.connectionId, jiraIssues.connectionId), eq(sights.entity, sql`'issue:' || ${jiraIssues.issueId}`), eq(sights.accountId, pluginPeople.accountId)))
    .where(and(eq(jiraIssues.organizationId, member.organizationId), inArray(jiraIssues.key, keys)))
    .orderBy(desc(jiraIssues.updatedAt));
  const nowMs = clock.nowMs();
  return rows.map((row) => {
    const sight = row.seenAt ? { visible: row.seen === true, checkedAtMs: row.seenAt.getTime() } : null;
    const account = row.personId ? { broken: row.broken } : null;
    return { ...row, verdict: verdict({ account, sight, open: row.open }, row.deletedAt !== null, nowMs), seenLately: sight?.visible === true && nowMs - sight.checkedAtMs < sightLastsInOutageMs };
  });
}

/** Of two sites with one key the one that was last changed comes first, so it is kept. */
function cardsFrom(rows: Stored[], silent = new Set<string>()): Map<string, IssueCard> {
  const visible = rows.filter((row) => row.verdict === true || (row.verdict === "ask" && silent.has(row.connectionId) && row.seenLately));
  return new Map(visible.reverse().map((row) => [row.key, cardOf({ ...row, topic: issueTopic(row.connectionId, row.issueId) })]));
}

interface Ask {
  /** Stored ones whose sight is too old, or that nobody asked about yet. */
  issueIds: string[];
  /** Never heard of, in projects that were. Anything else that looks like a key is not worth a question: `UTF-8`, `COVID-19`. */
  keys: string[];
}

async function whatToAsk(member: Member, wanted: string[], known: Stored[]): Promise<Map<string, Ask>> {
  const asks = new Map<string, Ask>();
  const at = (connectionId: string) => asks.get(connectionId) ?? asks.set(connectionId, { issueIds: [], keys: [] }).get(connectionId);
  for (const row of known) if (row.verdict === "ask") at(row.connectionId)?.issueIds.push(row.issueId);
  const unheard = wanted.filter((key) => !known.some((row) => row.key === key) && !nothingThere.has(`${member.id} ${key}`));
  if (unheard.length === 0) return asks;
  for (const { connectionId, projectKey } of await inTenant(member, (tx) => projectsHeardOf(tx, member, [...new Set(unheard.map(projectOfKey))]))) {
    at(connectionId)?.keys.push(...unheard.filter((key) => projectOfKey(key) === projectKey));
  }
  return asks;
}

/** Only for somebody with an account to ask with. */
const projectsHeardOf = (tx: Tx, member: Member, projectKeys: string[]) =>
  tx
    .selectDistinct({ connectionId: jiraIssues.connectionId, projectKey: sql<string>`${jiraIssues.facts} -> 'project' ->> 'key'` })
    .from(jiraIssues)
    .innerJoin(pluginConnections, and(eq(pluginConnections.id, jiraIssues.connectionId), isNull(pluginConnections.disconnectedAt)))
    .innerJoin(pluginPeople, and(eq(pluginPeople.organizationId, member.organizationId), eq(pluginPeople.memberId, member.id), eq(pluginPeople.plugin, pluginConnections.plugin)))
    .where(and(eq(jiraIssues.organizationId, member.organizationId), sql`${jiraIssues.facts} -> 'project' ->> 'key' = any(${textArray(projectKeys)})`));

/** One question for all of them. Answers the connection when nobody there could answer. */
async function askAbout(member: Member, connectionId: string, { issueIds, keys }: Ask): Promise<string[]> {
  try {
    const desk = await deskOf(member, connectionId);
    const asked = [...issueIds, ...keys].slice(0, cardsAtMost);
    const found = await fetchIssues(desk.jira, desk.connection, asked).catch((error: unknown) => {
      // Jira does not know this account at all, or no such site: then nothing there is for it.
      if (error instanceof JiraError && (error.kind === "forbidden" || error.kind === "not-found")) return [];
      throw error;
    });
    for (const key of keys) if (!found.some((issue) => issue.key === key)) nothingThere.set(`${member.id} ${key}`, true);
    await noteSights(member, desk, { seen: found, hidden: issueIds.filter((id) => !found.some((issue) => issue.id === id)) });
    return [];
  } catch (error) {
    if (error instanceof JiraError || error instanceof Refused) return [connectionId];
    throw error;
  }
}
