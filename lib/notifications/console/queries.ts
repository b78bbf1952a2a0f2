import { and, desc, eq, gte, ilike, inArray, isNull, lt, or, sql, type SQL } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { breakers, type BreakerState } from "@/lib/platform/breaker";
import { clock } from "@/lib/platform/clock";
import { displayName } from "@/lib/platform/auth/people";
import { asSystem, inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { firstIdAt, isId } from "@/lib/platform/ids";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { parkedEvents, type ParkedEvent } from "@/lib/platform/outbox/parking";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { addressKey } from "../addresses/queries";
import { readReport } from "../addresses/rules";
import { mailReports } from "../addresses/tables";
import { devices } from "../devices/tables";
import type { ChannelName } from "../inputs";
import type { Decisions } from "../rules";
import { attempts, deliveries, notifications, receivers } from "../tables";
import type { ListAttemptsInput, SearchDeliveriesInput } from "./inputs";
import { mayWatchDeliveries } from "./policy";

/** @throws Refused FORBIDDEN. */
export function requireWatcher(member: Member): void {
  if (!mayWatchDeliveries(member)) throw new Refused("FORBIDDEN");
}

export interface AttemptRecord {
  id: string;
  number: number;
  startedAt: Date;
  finishedAt: Date;
  succeeded: boolean;
  statusCode: number | null;
  answer: string;
}

/** That and how something was delivered to whom; never what it said. */
export interface ConsoleDelivery {
  id: string;
  notificationId: string;
  type: string;
  channel: ChannelName;
  /** Null for the channel of a whole organization, which is no person. */
  memberId: string | null;
  name: string | null;
  address: string | null;
  device: string | null;
  state: (typeof deliveries.$inferSelect)["state"];
  hold: (typeof deliveries.$inferSelect)["hold"];
  cause: (typeof deliveries.$inferSelect)["cause"];
  /** A code or the provider's words; for what was merged, the delivery that speaks for it. */
  reason: string | null;
  deliverAfter: Date;
  settledAt: Date | null;
  createdAt: Date;
  attemptCount: number;
}

const consoleColumns = {
  id: deliveries.id,
  notificationId: deliveries.notificationId,
  type: notifications.type,
  channel: deliveries.channel,
  memberId: deliveries.memberId,
  name: users.name,
  email: users.email,
  guest: deliveries.email,
  device: devices.name,
  state: deliveries.state,
  hold: deliveries.hold,
  cause: deliveries.cause,
  reason: deliveries.reason,
  deliverAfter: deliveries.deliverAfter,
  settledAt: deliveries.settledAt,
  createdAt: deliveries.createdAt,
  attemptCount: deliveries.attemptCount,
};

function consoleRows(tx: Tx, condition: SQL | undefined, limit: number) {
  return tx
    .select(consoleColumns)
    .from(deliveries)
    .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
    .leftJoin(members, eq(members.id, deliveries.memberId))
    .leftJoin(users, eq(users.id, members.userId))
    .leftJoin(devices, eq(devices.id, deliveries.deviceId))
    .where(condition)
    .orderBy(desc(deliveries.id))
    .limit(limit);
}

function consoleDelivery({ email, guest, name, ...row }: Awaited<ReturnType<typeof consoleRows>>[number]): ConsoleDelivery {
  // Only the catalog names channels.
  return { ...row, channel: row.channel as ChannelName, name: email ? displayName({ name, email }) : null, address: email ?? guest };
}

export interface DeliveriesPage {
  deliveries: (ConsoleDelivery & { lastAttempt: AttemptRecord | null })[];
  nextCursor: string | null;
}

/**
 * Deliveries of the organization, newest first. Ids begin with their time, so that the window is a range of the same index that the
 * page walks.
 * @throws Refused FORBIDDEN for members, INVALID for a cursor of another list.
 */
export async function searchDeliveries(member: Member, input: SearchDeliveriesInput): Promise<DeliveriesPage> {
  requireWatcher(member);
  const { cursor, limit, notification, type, channel, state, from, to } = input;
  if (cursor !== undefined && !isId("delivery", cursor)) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  return inTenant(member, async (tx) => {
    const rows = await consoleRows(
      tx,
      and(
        eq(deliveries.organizationId, member.organizationId),
        cursor ? lt(deliveries.id, cursor) : undefined,
        from ? gte(deliveries.id, firstIdAt("delivery", new Date(from))) : undefined,
        to ? lt(deliveries.id, firstIdAt("delivery", new Date(to))) : undefined,
        input.person ? await concerning(tx, member, input.person) : undefined,
        notification ? eq(deliveries.notificationId, notification) : undefined,
        type ? eq(notifications.type, type) : undefined,
        channel ? eq(deliveries.channel, channel) : undefined,
        state ? eq(deliveries.state, state) : undefined,
      ),
      limit + 1,
    );
    const shown = rows.slice(0, limit).map(consoleDelivery);
    const last = await lastAttempts(tx, shown);
    return {
      deliveries: shown.map((row) => ({ ...row, lastAttempt: last.get(row.id) ?? null })),
      nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  });
}

/** A name that many share is narrowed down by typing more of it. */
const peopleMax = 50;

async function concerning(tx: Tx, member: Member, person: string): Promise<SQL | undefined> {
  const pattern = `%${person.replace(/[\\%_]/g, "\\$&")}%`;
  const found = await tx
    .select({ id: members.id })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, member.organizationId), or(ilike(users.name, pattern), ilike(users.email, pattern))))
    .orderBy(members.id)
    .limit(peopleMax);
  const ids = found.map(({ id }) => id);
  const guest = and(isNull(deliveries.memberId), eq(deliveries.recipient, addressKey(person)));
  return ids.length > 0 ? or(inArray(deliveries.memberId, ids), guest) : guest;
}

const attemptColumns = {
  id: attempts.id,
  deliveryId: attempts.deliveryId,
  number: attempts.number,
  startedAt: attempts.startedAt,
  finishedAt: attempts.finishedAt,
  succeeded: attempts.succeeded,
  statusCode: attempts.statusCode,
  answer: attempts.answer,
};

async function lastAttempts(tx: Tx, rows: ConsoleDelivery[]): Promise<Map<string, AttemptRecord>> {
  const tried = rows.filter(({ attemptCount }) => attemptCount > 0).map(({ id }) => id);
  if (tried.length === 0) return new Map();
  const last = await tx
    .selectDistinctOn([attempts.deliveryId], attemptColumns)
    .from(attempts)
    .where(inArray(attempts.deliveryId, tried))
    .orderBy(attempts.deliveryId, desc(attempts.id));
  return new Map(last.map(({ deliveryId, ...attempt }) => [deliveryId, attempt]));
}

/** What the mail provider said later about a mail that it had accepted. */
export interface LaterReport {
  type: string;
  at: Date;
  detail: string;
}

export interface TracedDelivery extends ConsoleDelivery {
  attempts: AttemptRecord[];
  reports: LaterReport[];
  /** The notification that speaks for it, when it was merged into another delivery. */
  mergedInto: { deliveryId: string; notificationId: string } | null;
}

/** What was decided for one member when the notification was fanned out. */
export interface TracedReceiver {
  memberId: string;
  name: string;
  address: string;
  decisions: Decisions;
  shown: boolean;
  readAt: Date | null;
  deliveries: TracedDelivery[];
}

export interface Trace {
  notification: { id: string; type: string; category: string; subjectId: string; occurredAt: Date; createdAt: Date; expiresAt: Date | null };
  /** Null for bundles, which have no event, and once the event is forgotten. */
  event: { id: string; name: string; sentAt: Date | null } | null;
  counts: { receivers: number; deliveries: { channel: ChannelName; state: ConsoleDelivery["state"]; count: number }[] };
  receivers: TracedReceiver[];
  /** To people without an account, and to whom no inbox row stands, such as the reader of a bundle. */
  others: TracedDelivery[];
  /** There are more receivers than these. */
  nextCursor: string | null;
}

const tracedReceivers = 25;
const tracedOthers = 25;

/**
 * The whole way of one notification: the event, whom it was told and what was decided for each, every delivery, every call and its
 * answer. Null when there is no such notification here.
 * @throws Refused FORBIDDEN for members.
 */
export async function traceNotification(member: Member, notificationId: string, cursor?: string): Promise<Trace | null> {
  requireWatcher(member);
  if (!isId("notification", notificationId) || (cursor !== undefined && !isId("receiver", cursor))) return null;
  const trace = await inTenant(member, async (tx) => {
    const [notification] = await tx
      .select()
      .from(notifications)
      .where(and(eq(notifications.organizationId, member.organizationId), eq(notifications.id, notificationId)));
    if (!notification) return null;
    const [event] = await tx
      .select({ id: outboxEvents.id, name: outboxEvents.name, sentAt: outboxEvents.sentAt })
      .from(outboxEvents)
      .where(eq(outboxEvents.id, notification.eventId));
    const [receiverCount] = await tx.select({ count: sql<number>`count(*)::int` }).from(receivers).where(eq(receivers.notificationId, notificationId));
    const states = await tx
      .select({ channel: deliveries.channel, state: deliveries.state, count: sql<number>`count(*)::int` })
      .from(deliveries)
      .where(eq(deliveries.notificationId, notificationId))
      .groupBy(deliveries.channel, deliveries.state)
      .orderBy(deliveries.channel, deliveries.state);
    const people = await tx
      .select({
        id: receivers.id,
        memberId: receivers.memberId,
        name: users.name,
        email: users.email,
        decisions: receivers.decisions,
        shown: receivers.shown,
        readAt: receivers.readAt,
      })
      .from(receivers)
      .innerJoin(members, eq(members.id, receivers.memberId))
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(receivers.notificationId, notificationId), cursor ? sql`${receivers.id} > ${cursor}` : undefined))
      .orderBy(receivers.id)
      .limit(tracedReceivers + 1);
    const shown = people.slice(0, tracedReceivers);
    const theirs = shown.length === 0 ? [] : await consoleRows(tx, and(eq(deliveries.notificationId, notificationId), inArray(deliveries.memberId, shown.map(({ memberId }) => memberId))), 1000);
    const withoutRow = sql`not exists (select 1 from receivers where receivers.notification_id = ${deliveries.notificationId} and receivers.member_id = ${deliveries.memberId})`;
    const others = cursor ? [] : await consoleRows(tx, and(eq(deliveries.notificationId, notificationId), or(isNull(deliveries.memberId), withoutRow)), tracedOthers);
    const traced = await withAttempts(tx, [...theirs, ...others].map(consoleDelivery));
    return {
      notification,
      event: event ?? null,
      counts: { receivers: receiverCount?.count ?? 0, deliveries: states.map((row) => ({ ...row, channel: row.channel as ChannelName })) },
      receivers: shown.map(({ id: _, name, email, ...person }) => ({
        ...person,
        name: displayName({ name, email }),
        address: email,
        deliveries: traced.filter(({ memberId }) => memberId === person.memberId),
      })),
      others: traced.filter(({ id }) => others.some((row) => row.id === id)),
      nextCursor: people.length > tracedReceivers ? (shown.at(-1)?.id ?? null) : null,
    };
  });
  if (!trace) return null;
  const reports = await reportsOf([...trace.receivers.flatMap((person) => person.deliveries), ...trace.others].map(({ id }) => id));
  const complete = (delivery: Omit<TracedDelivery, "reports">): TracedDelivery => ({ ...delivery, reports: reports.get(delivery.id) ?? [] });
  const { id, type, category, subjectId, occurredAt, createdAt, expiresAt } = trace.notification;
  return {
    ...trace,
    notification: { id, type, category, subjectId, occurredAt, createdAt, expiresAt },
    receivers: trace.receivers.map((person) => ({ ...person, deliveries: person.deliveries.map(complete) })),
    others: trace.others.map(complete),
  };
}

async function withAttempts(tx: Tx, rows: ConsoleDelivery[]): Promise<Omit<TracedDelivery, "reports">[]> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const made = await tx.select(attemptColumns).from(attempts).where(inArray(attempts.deliveryId, ids)).orderBy(attempts.id);
  const speakers = rows.flatMap(({ state, reason }) => (state === "merged" && reason ? [reason] : []));
  const found = speakers.length === 0 ? [] : await tx
    .select({ deliveryId: deliveries.id, notificationId: deliveries.notificationId })
    .from(deliveries)
    .where(inArray(deliveries.id, speakers));
  const speakerOf = new Map(found.map((speaker) => [speaker.deliveryId, speaker]));
  return rows.map((row) => ({
    ...row,
    attempts: made.filter(({ deliveryId }) => deliveryId === row.id).map(({ deliveryId: _, ...attempt }) => attempt),
    mergedInto: (row.state === "merged" && row.reason && speakerOf.get(row.reason)) || null,
  }));
}

/** Reports belong to no organization; the deliveries asked about were found in one. */
async function reportsOf(deliveryIds: string[]): Promise<Map<string, LaterReport[]>> {
  if (deliveryIds.length === 0) return new Map();
  const rows = await asSystem("mail-stops", (tx) =>
    tx
      .select({ deliveryId: mailReports.deliveryId, type: mailReports.type, payload: mailReports.payload })
      .from(mailReports)
      .where(inArray(mailReports.deliveryId, deliveryIds))
      .orderBy(mailReports.receivedAt),
  );
  const reports = new Map<string, LaterReport[]>();
  for (const { deliveryId, type, payload } of rows) {
    const report = readReport(payload);
    if (deliveryId && report) reports.set(deliveryId, [...(reports.get(deliveryId) ?? []), { type, at: report.at, detail: report.detail }]);
  }
  return reports;
}

export interface AttemptOfNotification extends AttemptRecord {
  deliveryId: string;
  channel: ChannelName;
  memberId: string | null;
  address: string | null;
  device: string | null;
}

/**
 * Every call that was made for one notification, newest first: for admins of everybody, unless they ask for their `own`, for members of
 * their own. `id` is the notification's, or that of an inbox row.
 * @throws Refused NOT_FOUND, INVALID for a cursor of another list.
 */
export async function attemptsOf(member: Member, id: string, { cursor, limit }: ListAttemptsInput, own = false): Promise<{ attempts: AttemptOfNotification[]; nextCursor: string | null }> {
  if (cursor !== undefined && !isId("attempt", cursor)) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  const everybody = !own && mayWatchDeliveries(member);
  return inTenant(member, async (tx) => {
    const notificationId = await readableNotification(tx, member, id, everybody);
    if (!notificationId) throw new Refused("NOT_FOUND");
    const rows = await tx
      .select({ ...attemptColumns, channel: deliveries.channel, memberId: deliveries.memberId, guest: deliveries.email, email: users.email, device: devices.name })
      .from(deliveries)
      .innerJoin(attempts, eq(attempts.deliveryId, deliveries.id))
      .leftJoin(members, eq(members.id, deliveries.memberId))
      .leftJoin(users, eq(users.id, members.userId))
      .leftJoin(devices, eq(devices.id, deliveries.deviceId))
      .where(and(eq(deliveries.notificationId, notificationId), everybody ? undefined : eq(deliveries.memberId, member.id), cursor ? lt(attempts.id, cursor) : undefined))
      .orderBy(desc(attempts.id))
      .limit(limit + 1);
    const shown = rows.slice(0, limit);
    return {
      attempts: shown.map(({ guest, email, ...row }) => ({ ...row, channel: row.channel as ChannelName, address: email ?? guest })),
      nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  });
}

/** Members read what they were told; that others were told something is none of their business. */
async function readableNotification(tx: Tx, member: Member, id: string, everybody: boolean): Promise<string | null> {
  const byRow = isId("receiver", id);
  if (!byRow && !isId("notification", id)) return null;
  const [row] = await tx
    .select({ notificationId: receivers.notificationId })
    .from(receivers)
    .where(
      and(
        eq(receivers.organizationId, member.organizationId),
        byRow ? eq(receivers.id, id) : eq(receivers.notificationId, id),
        everybody ? undefined : eq(receivers.memberId, member.id),
      ),
    )
    .limit(1);
  if (row) return row.notificationId;
  if (byRow || !everybody) return null;
  const [found] = await tx.select({ id: notifications.id }).from(notifications).where(and(eq(notifications.organizationId, member.organizationId), eq(notifications.id, id)));
  return found?.id ?? null;
}

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
