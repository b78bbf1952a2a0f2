import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { afterCommit, inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { organizationChannel, publishRealtime } from "@/lib/platform/realtime";
import type { IssueFacts } from "../events";
import { sights } from "../people/tables";
import type { Desk } from "./desk/queries";
import { newestOfEach } from "./rules";
import { jiraIssues } from "./tables";
import { issueTopic } from "./topics";

/** Pusher takes at most 10 kB a message; a topic is 25 bytes of it. */
const topicsPerMessage = 300;

/**
 * Keeps what was heard of issues, for their cards. The newest by Jira's own `updated` stays, however late another comes; what has no such
 * time (an issue inside a comment's webhook) only fills a gap. What was deleted stays deleted. Pages that show one of them are told after
 * the commit, by name only.
 */
export async function rememberIssues(tx: Tx, tenant: Tenant, connectionId: string, facts: IssueFacts[], at: Date): Promise<void> {
  const rows = newestOfEach(facts);
  if (rows.length === 0) return;
  const changed = await tx
    .insert(jiraIssues)
    .values(rows.map((row) => ({ ...row, organizationId: tenant.organizationId, connectionId, checkedAt: at })))
    .onConflictDoUpdate({
      target: [jiraIssues.connectionId, jiraIssues.issueId],
      set: {
        key: sql`excluded.key`,
        projectId: sql`excluded.project_id`,
        facts: sql`excluded.facts`,
        updatedAt: sql`excluded.updated_at`,
        checkedAt: sql`greatest(${jiraIssues.checkedAt}, excluded.checked_at)`,
      },
      setWhere: sql`${jiraIssues.deletedAt} is null and excluded.updated_at >= ${jiraIssues.updatedAt}
        and (excluded.updated_at, excluded.facts) is distinct from (${jiraIssues.updatedAt}, ${jiraIssues.facts})`,
    })
    .returning({ issueId: jiraIssues.issueId });
  await confirm(tx, connectionId, rows.filter(({ issueId }) => !changed.some((row) => row.issueId === issueId)), at);
  callOutAfter(tx, tenant, connectionId, changed.map(({ issueId }) => issueId));
}

/** What came and said nothing new: known to be still so. */
async function confirm(tx: Tx, connectionId: string, same: { issueId: string; updatedAt: Date }[], at: Date): Promise<void> {
  if (same.length === 0) return;
  const ids = same.map(({ issueId }) => issueId);
  const times = same.map(({ updatedAt }) => updatedAt.toISOString());
  await tx.execute(sql`
    update jira_issues set checked_at = ${at.toISOString()}::timestamptz
    from unnest(${textArray(ids)}, ${textArray(times)}::timestamptz[]) as seen(issue_id, updated_at)
    where jira_issues.connection_id = ${connectionId} and jira_issues.issue_id = seen.issue_id
      and jira_issues.updated_at = seen.updated_at and jira_issues.checked_at < ${at.toISOString()}::timestamptz`);
}

/** These issues are gone over there. Whatever is heard of them later does not bring them back: Jira uses no id twice. */
export async function rememberDeletions(tx: Tx, tenant: Tenant, connectionId: string, facts: IssueFacts[], at: Date): Promise<void> {
  await rememberIssues(tx, tenant, connectionId, facts, at);
  const ids = [...new Set(facts.map(({ id }) => id))].sort();
  if (ids.length === 0) return;
  const gone = await tx
    .update(jiraIssues)
    .set({ deletedAt: at, checkedAt: at })
    .where(and(eq(jiraIssues.connectionId, connectionId), inArray(jiraIssues.issueId, ids), isNull(jiraIssues.deletedAt)))
    .returning({ issueId: jiraIssues.issueId });
  callOutAfter(tx, tenant, connectionId, gone.map(({ issueId }) => issueId));
}

/** Without contents, and without waiting: a call that is lost costs freshness and nothing else. */
function callOutAfter(tx: Tx, tenant: Tenant, connectionId: string, issueIds: string[]): void {
  if (issueIds.length === 0) return;
  afterCommit(tx, () => {
    const topics = issueIds.map((id) => issueTopic(connectionId, id));
    const channel = organizationChannel(tenant.organizationId);
    const messages = Array.from({ length: Math.ceil(topics.length / topicsPerMessage) }, (_, index) => ({
      channel,
      event: "issues.changed",
      data: { topics: topics.slice(index * topicsPerMessage, (index + 1) * topicsPerMessage) },
    }));
    void publishRealtime(messages.slice(0, 10));
  });
}

/** What somebody just saw over there with their own account, and what was hidden from it: both are remembered, for cards and for who is told. */
export async function noteSights(tenant: Tenant, { connection, person }: Pick<Desk, "connection" | "person">, { seen, hidden = [] }: { seen: IssueFacts[]; hidden?: string[] }): Promise<void> {
  const checkedAt = clock.now();
  const answers = new Map([...hidden.map((id): [string, boolean] => [id, false]), ...seen.map(({ id }): [string, boolean] => [id, true])]);
  if (answers.size === 0) return;
  const rows = [...answers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, visible]) => ({
    organizationId: tenant.organizationId,
    connectionId: connection.id,
    entity: `issue:${id}`,
    accountId: person.accountId,
    visible,
    checkedAt,
  }));
  await inTenant(tenant, async (tx) => {
    await tx
      .insert(sights)
      .values(rows)
      .onConflictDoUpdate({ target: [sights.connectionId, sights.entity, sights.accountId], set: { visible: sql`excluded.visible`, checkedAt: sql`excluded.checked_at` } });
    await rememberIssues(tx, tenant, connection.id, seen, checkedAt);
  });
}
