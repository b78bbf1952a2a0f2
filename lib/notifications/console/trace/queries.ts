import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { displayName } from "@/lib/platform/auth/people";
import { asSystem, inTenant, type Tx } from "@/lib/platform/db/client";
import { isId } from "@/lib/platform/ids";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { readReport } from "../../addresses/rules";
import { mailReports } from "../../addresses/tables";
import type { ChannelName } from "../../inputs";
import type { Decisions } from "../../rules";
import { attempts, deliveries, notifications, receivers } from "../../tables";
import { requireWatcher, consoleRows, consoleDelivery, attemptColumns, type AttemptRecord, type ConsoleDelivery } from "../queries";

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
