import { and, asc, desc, eq, inArray, lte, or, sql } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, type Tenant } from "@/lib/platform/db/client";
import { members, organizations } from "@/lib/organizations/tables";
import { inBatches, type DeliveryBatch } from "../fan-out/rules";
import { channelNames, type ChannelName } from "../inputs";
import { attempts, deliveries, notifications } from "../tables";

/** How a recipient reads: their own settings when they are a member, the organization's language otherwise. */
export interface RecipientProfile {
  memberId: string | null;
  name: string | null;
  email: string | null;
  locale: string;
  /** Null for people without an account: their mail speaks the time zone of what it is about. */
  timeZone: string | null;
  hourCycle: "auto" | "h12" | "h23";
  removed: boolean;
}

/** The profiles of these members by id, and the one of everybody without an account under "". */
export async function recipientProfiles(tenant: Tenant, memberIds: string[]): Promise<Map<string, RecipientProfile>> {
  return inTenant(tenant, async (tx) => {
    const rows = await tx
      .select({ member: members, user: users })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(inArray(members.id, memberIds));
    const [organization] = await tx.select().from(organizations).where(eq(organizations.id, tenant.organizationId));
    const guest: RecipientProfile = {
      memberId: null,
      name: null,
      email: null,
      locale: organization?.locale ?? "en",
      timeZone: null,
      hourCycle: "auto",
      removed: false,
    };
    return new Map<string, RecipientProfile>([
      ["", guest],
      ...rows.map(({ member, user }): [string, RecipientProfile] => [
        member.id,
        {
          memberId: member.id,
          name: user.name,
          email: user.email,
          locale: user.locale,
          timeZone: user.timeZone,
          hourCycle: user.hourCycle,
          removed: member.removedAt !== null,
        },
      ]),
    ]);
  });
}

export interface DeliveryRecord {
  id: string;
  type: string;
  channel: ChannelName;
  recipient: string;
  memberId: string | null;
  participantId: string | null;
  email: string | null;
  state: (typeof deliveries.$inferSelect)["state"];
  /** Why it was skipped or failed, in a code or the provider's words. */
  reason: string | null;
  deliverAfter: Date;
  settledAt: Date | null;
  attemptCount: number;
  lastAttempt: { finishedAt: Date; succeeded: boolean; statusCode: number | null; answer: string } | null;
}

/**
 * What was sent about one subject: the newest delivery of each type to each recipient on each channel with its last attempt.
 * The caller has checked that the reader may see the subject.
 */
export async function deliveriesOfSubject(tenant: Tenant, subjectId: string): Promise<DeliveryRecord[]> {
  return inTenant(tenant, async (tx) => {
    const newest = await tx
      .selectDistinctOn([deliveries.recipient, deliveries.channel, notifications.type], {
        id: deliveries.id,
        type: notifications.type,
        channel: deliveries.channel,
        recipient: deliveries.recipient,
        memberId: deliveries.memberId,
        participantId: deliveries.participantId,
        email: deliveries.email,
        state: deliveries.state,
        reason: deliveries.reason,
        deliverAfter: deliveries.deliverAfter,
        settledAt: deliveries.settledAt,
        attemptCount: deliveries.attemptCount,
      })
      .from(notifications)
      .innerJoin(deliveries, eq(deliveries.notificationId, notifications.id))
      .where(and(eq(notifications.subjectId, subjectId), sql`${deliveries.state} <> 'merged'`))
      .orderBy(deliveries.recipient, deliveries.channel, notifications.type, desc(deliveries.id));
    const tried = newest.filter(({ attemptCount }) => attemptCount > 0).map(({ id }) => id);
    const last = tried.length === 0 ? [] : await tx
      .selectDistinctOn([attempts.deliveryId])
      .from(attempts)
      .where(inArray(attempts.deliveryId, tried))
      .orderBy(attempts.deliveryId, desc(attempts.id));
    const lastOf = new Map(last.map((attempt) => [attempt.deliveryId, attempt]));
    return newest
      .map((row) => {
        const attempt = lastOf.get(row.id);
        return {
          ...row,
          // Only the catalog names channels.
          channel: row.channel as ChannelName,
          lastAttempt: attempt
            ? { finishedAt: attempt.finishedAt, succeeded: attempt.succeeded, statusCode: attempt.statusCode, answer: attempt.answer }
            : null,
        };
      })
      .sort((a, b) => (a.id < b.id ? 1 : -1));
  });
}

/** One delivery's subject, for the caller to check who may act on it; null when it does not exist in this organization. */
export async function deliverySubject(tenant: Tenant, deliveryId: string): Promise<{ subjectId: string; type: string } | null> {
  return inTenant(tenant, async (tx) => {
    const [row] = await tx
      .select({ subjectId: notifications.subjectId, type: notifications.type })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(and(eq(deliveries.id, deliveryId), eq(deliveries.organizationId, tenant.organizationId)));
    return row ?? null;
  });
}

export interface CoveredRow {
  type: string;
  payload: Record<string, unknown>;
  occurredAt: Date;
}

/** The notifications that each of these deliveries speaks for: its own and those of the deliveries it overtook, oldest first. */
export async function coveredNotifications(tenant: Tenant, deliveryIds: string[]): Promise<Map<string, CoveredRow[]>> {
  return inTenant(tenant, async (tx) => {
    const speaker = sql<string>`case when ${deliveries.state} = 'merged' then ${deliveries.reason} else ${deliveries.id} end`;
    const rows = await tx
      .select({ speaker, type: notifications.type, payload: notifications.payload, occurredAt: notifications.occurredAt })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(or(inArray(deliveries.id, deliveryIds), and(eq(deliveries.state, "merged"), inArray(deliveries.reason, deliveryIds))))
      .orderBy(asc(notifications.occurredAt), asc(notifications.id));
    const covered = new Map<string, CoveredRow[]>();
    for (const { speaker: id, ...row } of rows) covered.set(id, [...(covered.get(id) ?? []), row]);
    return covered;
  });
}

export interface QueueDepth {
  channel: string;
  state: string;
  deliveries: number;
  /** How long the one of its channel that waits longest has been due. */
  overdueSeconds: number;
}

/** What is not settled, and the dead letters, by channel and state. Each part is counted along an index that holds nothing else. */
export async function queueDepths(): Promise<QueueDepth[]> {
  const rows = await asSystem("health", (tx) =>
    tx.execute<{ channel: string; state: string; deliveries: number; first: Date | string | null }>(sql`
      select channel, state, count(*)::int as deliveries, min(deliver_after) as first from deliveries where state in ('pending', 'sending') group by channel, state
      union all
      select channel, state, count(*)::int, null from deliveries where state = 'held' group by channel, state
      union all
      select channel, state, count(*)::int, null from deliveries where state = 'failed' group by channel, state`),
  );
  const overdue = new Map<string, number>();
  for (const { channel, first } of rows) {
    const seconds = first === null ? 0 : Math.max(0, (clock.nowMs() - new Date(first).getTime()) / 1000);
    overdue.set(channel, Math.max(overdue.get(channel) ?? 0, seconds));
  }
  return rows.map(({ channel, state, deliveries }) => ({ channel, state, deliveries, overdueSeconds: overdue.get(channel) ?? 0 }));
}

/** Deliveries whose time has come and that nobody holds, by organization: what a crash or an outage left behind, the longest due first. */
export async function dueDeliveries(limit: number, only: { channel?: ChannelName } = {}): Promise<({ organizationId: string } & DeliveryBatch)[]> {
  const now = clock.now();
  return asSystem("sweep", async (tx) => {
    const rows = await tx
      .select({ id: deliveries.id, organizationId: deliveries.organizationId, channel: deliveries.channel, deliverAfter: deliveries.deliverAfter })
      .from(deliveries)
      .where(
        and(
          inArray(deliveries.state, ["pending", "sending"]),
          inArray(deliveries.channel, only.channel ? [only.channel] : [...channelNames]),
          lte(deliveries.deliverAfter, now),
          or(eq(deliveries.state, "pending"), lte(deliveries.claimedUntil, now)),
        ),
      )
      .orderBy(deliveries.deliverAfter, deliveries.id)
      .limit(limit);
    const byOrganization = new Map<string, typeof rows>();
    for (const row of rows) byOrganization.set(row.organizationId, [...(byOrganization.get(row.organizationId) ?? []), row]);
    return [...byOrganization].flatMap(([organizationId, mine]) =>
      inBatches(mine.map((row) => ({ ...row, deliverAfter: now }))).map((batch) => ({ organizationId, ...batch })),
    );
  });
}
