import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers } from "@/lib/organizations/tables";
import { openProjects, pluginConnections } from "../connections/tables";
import { pluginPeople, sights } from "../people/tables";
import { cardOf, type IssueCard } from "./mappings";
import { isIssueKey, sightLastsMs } from "./rules";
import { jiraIssues } from "./tables";
import { issueTopic } from "./topics";

/** A page asks for no more; the others stay text. */
const cardsAtMost = 100;

/**
 * The cards of those of these keys that this member may see, by key. A key that is missing is not known or not for them to know: which of
 * the two is not told.
 */
export async function cardsOf(member: Member, keys: string[]): Promise<Map<string, IssueCard>> {
  const wanted = [...new Set(keys)].filter(isIssueKey).slice(0, cardsAtMost);
  if (wanted.length === 0) return new Map();
  const rows = await inTenant(member, (tx) => storedFor(tx, member, wanted));
  return new Map(rows.filter(({ visible }) => visible).map((row) => [row.key, cardOf({ ...row, topic: issueTopic(row.connectionId, row.issueId) })]));
}

async function storedFor(tx: Tx, member: Member, keys: string[]) {
  const believedSince = new Date(clock.now().getTime() - sightLastsMs).toISOString();
  const rows = await tx
    .select({
      connectionId: jiraIssues.connectionId,
      issueId: jiraIssues.issueId,
      key: jiraIssues.key,
      facts: jiraIssues.facts,
      deletedAt: jiraIssues.deletedAt,
      checkedAt: jiraIssues.checkedAt,
      accountId: pluginPeople.accountId,
      seen: sights.visible,
      open: sql<boolean>`exists (select 1 from ${openProjects} join ${workspaceMembers} on ${workspaceMembers.workspaceId} = ${openProjects.workspaceId}
        where ${openProjects.connectionId} = ${jiraIssues.connectionId} and ${openProjects.projectId} = ${jiraIssues.projectId} and ${workspaceMembers.memberId} = ${member.id})`,
    })
    .from(jiraIssues)
    .innerJoin(pluginConnections, and(eq(pluginConnections.id, jiraIssues.connectionId), isNull(pluginConnections.disconnectedAt)))
    .leftJoin(pluginPeople, and(eq(pluginPeople.organizationId, member.organizationId), eq(pluginPeople.memberId, member.id), eq(pluginPeople.plugin, pluginConnections.plugin)))
    .leftJoin(
      sights,
      and(
        eq(sights.connectionId, jiraIssues.connectionId),
        eq(sights.entity, sql`'issue:' || ${jiraIssues.issueId}`),
        eq(sights.accountId, pluginPeople.accountId),
        sql`${sights.checkedAt} > ${believedSince}::timestamptz`,
      ),
    )
    .where(and(eq(jiraIssues.organizationId, member.organizationId), inArray(jiraIssues.key, keys)))
    .orderBy(desc(jiraIssues.updatedAt));
  return rows.map((row) => ({ ...row, visible: row.accountId ? row.seen === true : row.open }));
}
