import { sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, type Tenant, type Tx } from "@/lib/platform/db/client";
import { seenAt } from "../digests/queries";
import type { Category } from "../inputs";
import type { Held } from "../rules";
import type { DueItem } from "./rules";

/** Members for whom something falls due at one instant. */
export interface DueMembers {
  organizationId: string;
  memberIds: string[];
  dueAt: string;
}

const membersAtOnce = 100;
const membersMax = 50_000;

/** For whom something that is held falls due by `until`, each with their first instant; what is late already is due now. */
export async function dueMembers(until: Date): Promise<DueMembers[]> {
  const now = clock.now().toISOString();
  const rows = await asSystem("sweep", (tx) =>
    tx.execute<{ organization_id: string; due_at: string; member_ids: string }>(sql`
      select organization_id, due_at, string_agg(member_id, ' ' order by member_id) as member_ids from (
        select organization_id, member_id, greatest(min(deliver_after), ${now}::timestamptz) as due_at
        from deliveries where state = 'held' and deliver_after <= ${until.toISOString()}::timestamptz and member_id is not null
        group by 1, 2 order by 3 limit ${membersMax}
      ) as due group by 1, 2 order by 2`),
  );
  return rows.flatMap(({ organization_id, due_at, member_ids }) => {
    const ids = member_ids.split(" ");
    return Array.from({ length: Math.ceil(ids.length / membersAtOnce) }, (_, index) => ({
      organizationId: organization_id,
      memberIds: ids.slice(index * membersAtOnce, (index + 1) * membersAtOnce),
      dueAt: new Date(due_at).toISOString(),
    }));
  });
}

type DueRow = {
  id: string;
  channel: Held["channel"];
  hold: Held["hold"];
  deliver_after: string;
  recipient: string;
  member_id: string;
  type: string;
  category: string;
  workspace_id: string | null;
  thread: string;
  occurred_at: string;
  expires_at: string | null;
  seen: boolean;
  member_removed: boolean;
};

/** A mail that overtook an invitation is the first that its reader hears: it is decided as the invitation, whatever they want of changes. */
const overtakenInvitation = sql`(
  select invited.category from deliveries older join notifications invited on invited.id = older.notification_id
  where older.state = 'merged' and older.reason = deliveries.id and invited.category = ${"invitations" satisfies Category} limit 1)`;

/** What is due for these members, locked until the transaction ends. What somebody else is changing right now is left to them. */
export async function takeDue(tx: Tx, tenant: Tenant, memberIds: string[]): Promise<DueItem[]> {
  const rows = await tx.execute<DueRow>(sql`
    select deliveries.id, deliveries.channel, deliveries.hold, deliveries.deliver_after, deliveries.recipient, deliveries.member_id,
      notifications.type, coalesce(${overtakenInvitation}, notifications.category) as category, notifications.workspace_id, notifications.thread, notifications.occurred_at,
      notifications.expires_at, members.removed_at is not null as member_removed,
      (select ${seenAt(sql`receivers`)} from receivers
       where receivers.notification_id = deliveries.notification_id and receivers.member_id = deliveries.member_id) is not null as seen
    from deliveries
    join notifications on notifications.id = deliveries.notification_id
    join members on members.id = deliveries.member_id
    where deliveries.organization_id = ${tenant.organizationId} and deliveries.member_id = any(${sql.param(memberIds)}::text[])
      and deliveries.state = 'held' and deliveries.deliver_after <= ${clock.now().toISOString()}::timestamptz
    order by deliveries.id
    for update of deliveries skip locked`);
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    hold: row.hold,
    deliverAfter: new Date(row.deliver_after),
    recipient: row.recipient,
    memberId: row.member_id,
    type: row.type,
    // Only the catalog writes categories.
    category: row.category as Category,
    workspaceId: row.workspace_id,
    thread: row.thread,
    occurredAt: new Date(row.occurred_at),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    seen: row.seen,
    memberRemoved: row.member_removed,
  }));
}
