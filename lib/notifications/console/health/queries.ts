import { and, eq, gte, sql } from "drizzle-orm";
import { breakers, type BreakerState } from "@/lib/platform/breaker";
import { clock } from "@/lib/platform/clock";
import { inTenant } from "@/lib/platform/db/client";
import { firstIdAt } from "@/lib/platform/ids";
import { parkedEvents, type ParkedEvent } from "@/lib/platform/outbox/parking";
import type { Member } from "@/lib/organizations/actor";
import type { ChannelName } from "../../inputs";
import { attempts, deliveries } from "../../tables";
import { requireWatcher } from "../queries";

const hourMs = 60 * 60 * 1000;

export interface FailureRate {
  channel: ChannelName;
  /** Calls, and those of them that failed, in each window. */
  lastHour: { calls: number; failed: number };
  lastDay: { calls: number; failed: number };
  lastWeek: { calls: number; failed: number };
}

/** How often calls to each channel's provider fail. @throws Refused FORBIDDEN for members. */
export async function failureRates(member: Member): Promise<FailureRate[]> {
  requireWatcher(member);
  const since = (hours: number) => firstIdAt("attempt", new Date(clock.nowMs() - hours * hourMs));
  const count = (floor: string, failed: boolean) =>
    sql<number>`count(*) filter (where ${attempts.id} >= ${floor}${failed ? sql` and not ${attempts.succeeded}` : sql``})::int`;
  const [hour, day, week] = [since(1), since(24), since(7 * 24)];
  const rows = await inTenant(member, (tx) =>
    tx
      .select({
        channel: deliveries.channel,
        hourCalls: count(hour, false),
        hourFailed: count(hour, true),
        dayCalls: count(day, false),
        dayFailed: count(day, true),
        weekCalls: count(week, false),
        weekFailed: count(week, true),
      })
      .from(attempts)
      .innerJoin(deliveries, eq(deliveries.id, attempts.deliveryId))
      .where(and(eq(attempts.organizationId, member.organizationId), gte(attempts.id, week)))
      .groupBy(deliveries.channel)
      .orderBy(deliveries.channel),
  );
  return rows.map((row) => ({
    channel: row.channel as ChannelName,
    lastHour: { calls: row.hourCalls, failed: row.hourFailed },
    lastDay: { calls: row.dayCalls, failed: row.dayFailed },
    lastWeek: { calls: row.weekCalls, failed: row.weekFailed },
  }));
}

/** Whether calls are let through to each provider that this process has called; other processes may know better. */
export function providerStates(member: Member): { provider: string; state: BreakerState; blockedUntil: Date | null }[] {
  requireWatcher(member);
  return [...breakers().values()].map((breaker) => ({ provider: breaker.name, state: breaker.state(), blockedUntil: breaker.blockedUntil() }));
}

/** Dead letters that died of the same. */
export interface DeadGroup {
  channel: ChannelName;
  cause: string;
  reason: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
}

const groupsMax = 50;

/** @throws Refused FORBIDDEN for members. */
export async function deadGroups(member: Member): Promise<DeadGroup[]> {
  requireWatcher(member);
  const cause = sql<string>`coalesce(${deliveries.cause}, '')`;
  const reason = sql<string>`coalesce(${deliveries.reason}, '')`;
  const rows = await inTenant(member, (tx) =>
    tx
      .select({
        channel: deliveries.channel,
        cause,
        reason,
        count: sql<number>`count(*)::int`,
        firstAt: sql<string>`min(coalesce(${deliveries.settledAt}, ${deliveries.createdAt}))`,
        lastAt: sql<string>`max(coalesce(${deliveries.settledAt}, ${deliveries.createdAt}))`,
      })
      .from(deliveries)
      .where(and(eq(deliveries.organizationId, member.organizationId), eq(deliveries.state, "failed")))
      .groupBy(deliveries.channel, cause, reason)
      .orderBy(sql`count(*) desc`, sql`max(${deliveries.id}) desc`)
      .limit(groupsMax),
  );
  return rows.map((row) => ({ ...row, channel: row.channel as ChannelName, firstAt: new Date(row.firstAt), lastAt: new Date(row.lastAt) }));
}

/** Events that became nothing, and why. @throws Refused FORBIDDEN for members. */
export async function deadEvents(member: Member): Promise<Omit<ParkedEvent, "payload">[]> {
  requireWatcher(member);
  // What they carry are other people's words.
  return (await parkedEvents(member, { limit: groupsMax })).map(({ payload: _, ...event }) => event);
}
