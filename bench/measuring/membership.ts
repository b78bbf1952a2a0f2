import type postgres from "postgres";
import { ensurePerson } from "@/lib/platform/auth/people";
import { newId } from "@/lib/platform/ids";
import { createOrganization } from "@/lib/organizations/commands";

/** An organization of its own, with very many members who have chosen nothing. */
export interface Membership {
  organizationId: string;
  /** All of them are in it, its owner as well. */
  workspaceId: string;
  ownerId: string;
  size: number;
  userPrefix: string;
}

/** An organization of its own, with `size` members besides its owner. */
export async function membershipOf(sql: postgres.Sql, size: number): Promise<Membership> {
  const name = `crowd-${size}-${newId("event").slice(-6)}`;
  const { organizationId, workspaceId, memberId: ownerId } = await createOrganization(await ensurePerson(`${name}@bench.example`, { name }), { name });
  const userPrefix = newId("user").slice(0, -5);
  const memberPrefix = newId("member").slice(0, -5);
  await inScope(sql, organizationId, async (tx) => {
    await tx`
      insert into users (id, email) select ${userPrefix} || lpad(to_hex(n), 5, '0'), ${name} || n || '@bench.example' from generate_series(1, ${size}::int) as n`;
    await tx`
      insert into members (id, organization_id, user_id)
      select ${memberPrefix} || lpad(to_hex(n), 5, '0'), ${organizationId}, ${userPrefix} || lpad(to_hex(n), 5, '0') from generate_series(1, ${size}::int) as n`;
    await tx`
      insert into workspace_members (organization_id, workspace_id, member_id)
      select ${organizationId}, ${workspaceId}, ${memberPrefix} || lpad(to_hex(n), 5, '0') from generate_series(1, ${size}::int) as n`;
  });
  await sql`analyze users, members, workspace_members`;
  return { organizationId, workspaceId, ownerId, size, userPrefix };
}

/** The same rows without asking anybody what they want. */
export async function insertedRaw(sql: postgres.Sql, { organizationId }: Membership, table: string, { mail }: { mail: boolean }): Promise<void> {
  const notificationId = newId("notification");
  const decision = JSON.stringify({ verdict: "now", source: "default" });
  await inScope(sql, organizationId, async (tx) => {
    await tx`
      insert into notifications (id, organization_id, event_id, type, category, subject_id, thread, payload, occurred_at)
      values (${notificationId}, ${organizationId}, ${newId("event")}, 'notification.published', 'announcements', ${notificationId}, ${notificationId}, '{}', now())`;
    await tx`
      insert into ${sql(table)} (id, organization_id, notification_id, member_id, category, thread, position, decisions)
      select ${newId("receiver").slice(0, -5)} || lpad(to_hex(n), 5, '0'), ${organizationId}, ${notificationId}, id, 'announcements', ${notificationId},
        ${newId("receiver").slice(0, -5)} || lpad(to_hex(n), 5, '0'), jsonb_build_object('inbox', ${decision}::jsonb, 'email', ${decision}::jsonb, 'push', ${decision}::jsonb)
      from (select id, row_number() over (order by id) as n from members where organization_id = ${organizationId} and removed_at is null) as members`;
    if (!mail) return;
    await tx`
      insert into deliveries (id, organization_id, notification_id, channel, recipient, member_id, deliver_after)
      select ${newId("delivery").slice(0, -5)} || lpad(to_hex(n), 5, '0'), ${organizationId}, ${notificationId}, 'email', id, id, now() + interval '1 day'
      from (select id, row_number() over (order by id) as n from members where organization_id = ${organizationId} and removed_at is null) as members`;
  });
}

/** Before the sweep finds the mails of this round and sends them. */
export async function forgetNews(sql: postgres.Sql, { organizationId }: Membership): Promise<void> {
  await inScope(sql, organizationId, async (tx) => {
    await tx`delete from deliveries where organization_id = ${organizationId}`;
    await tx`delete from receivers where organization_id = ${organizationId}`;
    await tx`delete from notifications where organization_id = ${organizationId}`;
  });
  await sql`vacuum (analyze) receivers, deliveries, notifications`;
}

export async function disband(sql: postgres.Sql, { organizationId, userPrefix }: Membership): Promise<void> {
  await inScope(sql, organizationId, async (tx) => {
    // What somebody wrote names them, so it goes first.
    await tx`delete from feeds where organization_id = ${organizationId}`;
    await tx`delete from organizations where id = ${organizationId}`;
    await tx`delete from users where id like ${`${userPrefix}%`}`;
  });
}

/** As the product's own transactions: under row level security, in one organization. */
export function inScope<T>(sql: postgres.Sql, organizationId: string, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
  return sql.begin(async (tx) => {
    await tx`select set_config('app.organization_id', ${organizationId}, true)`;
    return work(tx);
  }) as Promise<T>;
}

export async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
