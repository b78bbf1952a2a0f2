import { and, asc, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { workspaces } from "@/lib/organizations/tables";
import type { CatalogType, NotificationType } from "../catalog";
import { devices } from "../devices/tables";
import { lineOf, sentenceOf } from "../inbox/rules";
import { preferenceChannels, type Category, type PreferenceChannel } from "../inputs";
import { isNewsType } from "../news/rules";
import { pathOf } from "../paths";
import { isPluginType, pluginFactsOf } from "../plugin-events/rules";
import { canBeMuted } from "../preferences/rules";
import { threadMutes } from "../preferences/tables";
import { preferenceOf, type Decision, type Decisions } from "../rules";
import { attempts, deliveries, notifications, receivers } from "../tables";
import { topicStandings } from "../topics/tables";
import { inboxWhy } from "../templates/inbox-line";
import { readerOf } from "../templates/reader";
import { isLateReason, keptAway, switchOf, type LateReason, type Switch } from "./rules";

/** One call to a provider. */
export interface ReceiptAttempt {
  number: number;
  startedAt: Date;
  finishedAt: Date;
  succeeded: boolean;
  statusCode: number | null;
  /** The provider's own words. */
  answer: string;
}

/** One message on its way, as its reader may see it. */
export interface ReceiptDelivery {
  id: string;
  type: NotificationType;
  state: (typeof deliveries.$inferSelect)["state"];
  hold: (typeof deliveries.$inferSelect)["hold"];
  /** Why it was left out, in a code or the provider's words. */
  reason: string | null;
  /** The same, when it is one that has a sentence of its own. */
  lateReason: LateReason | null;
  cause: (typeof deliveries.$inferSelect)["cause"];
  deliverAfter: Date;
  settledAt: Date | null;
  device: { name: string; endedAt: Date | null } | null;
  attempts: ReceiptAttempt[];
  /** The message that took its place: a later one about the same, or the one it was gathered into. */
  carriedBy: ReceiptDelivery | null;
}

export interface Receipt {
  /** The row of the inbox. */
  id: string;
  notificationId: string;
  type: CatalogType;
  category: Category;
  subjectId: string;
  /** What a mute of it is about; null where one would keep nothing away. `muted` is as of now. */
  thread: { name: string; muted: boolean } | null;
  /** The article that it is about, which its reader may or may not read any more. */
  articleId: string | null;
  /** Its page here, below the organization's own address, where the type does not say it; and its page over there, a web address. */
  path: string | null;
  outside: { url: string; place: string } | null;
  /** What ties the reader to it, where the type alone does not say it: what they subscribed to, wrote or follow. */
  why: string | null;
  sentence: string;
  occurredAt: Date;
  /** When it was decided who hears of it and how. */
  decidedAt: Date;
  workspace: string | null;
  shown: boolean;
  /** A newer row of its thread is the line of the inbox. */
  underNewer: boolean;
  readAt: Date | null;
  snoozedUntil: Date | null;
  channels: { channel: PreferenceChannel; decision: Decision; switch: Switch | null; deliveries: ReceiptDelivery[] }[];
}

/**
 * Why and how one member was told something. `id` is a row of their inbox, or a notification they received.
 * @throws Refused NOT_FOUND also when it is somebody else's.
 */
export async function receiptOf(member: Member, id: string): Promise<Receipt> {
  const named = isId("receiver", id) ? eq(receivers.id, id) : isId("notification", id) ? eq(receivers.notificationId, id) : null;
  if (!named) throw new Refused("NOT_FOUND");
  const reader = await readerOf(member);
  return inTenant(member, async (tx) => {
    const [row] = await tx
      .select({ receiver: receivers, notification: notifications, workspace: workspaces.name, muted: sql<boolean>`${threadMutes.thread} is not null or ${topicStandings.topic} is not null` })
      .from(receivers)
      .innerJoin(notifications, eq(notifications.id, receivers.notificationId))
      .leftJoin(workspaces, eq(workspaces.id, notifications.workspaceId))
      .leftJoin(threadMutes, and(eq(threadMutes.organizationId, member.organizationId), eq(threadMutes.recipient, member.id), eq(threadMutes.thread, receivers.thread)))
      .leftJoin(
        topicStandings,
        and(eq(topicStandings.organizationId, member.organizationId), eq(topicStandings.memberId, member.id), eq(topicStandings.topic, receivers.thread), eq(topicStandings.choice, "muted")),
      )
      .where(and(named, eq(receivers.memberId, member.id)));
    if (!row) throw new Refused("NOT_FOUND");
    const { receiver, notification } = row;
    // Only the catalog writes types and categories.
    const type = notification.type as CatalogType;
    const messages = await messagesTo(tx, member, notification.id);
    const linked = isPluginType(type) ? pluginFactsOf(notification.payload) : null;
    return {
      id: receiver.id,
      notificationId: notification.id,
      type,
      category: notification.category as Category,
      subjectId: notification.subjectId,
      thread: canBeMuted(type, notification.category) ? { name: receiver.thread, muted: row.muted } : null,
      articleId: lineOf(type, notification.payload).article?.id ?? null,
      path: pathOf(type, notification.subjectId, notification.payload),
      outside: linked?.url ? { url: linked.url, place: linked.connection?.name || new URL(linked.url).hostname } : null,
      why: linked || isNewsType(type) ? inboxWhy({ type, payload: notification.payload }, reader, member.id) : null,
      sentence: sentenceOf({ type, payload: notification.payload, occurredAt: notification.occurredAt }, null, reader),
      occurredAt: notification.occurredAt,
      decidedAt: receiver.createdAt,
      workspace: row.workspace,
      shown: receiver.shown,
      underNewer: receiver.shown && !receiver.head,
      readAt: receiver.readAt,
      snoozedUntil: receiver.snoozedUntil,
      channels: preferenceChannels.map((channel) => {
        const decision = receiver.decisions[channel];
        return { channel, decision, switch: switchOf(decision), deliveries: messages.get(channel) ?? [] };
      }),
    };
  });
}

/** A message may be overtaken by one that is gathered into another; nothing is handed on more often than that. */
const hopsMax = 3;

async function messagesTo(tx: Tx, member: Member, notificationId: string): Promise<Map<PreferenceChannel, ReceiptDelivery[]>> {
  const own = await deliveriesWhere(tx, member, eq(deliveries.notificationId, notificationId));
  const all = new Map(own.map((row) => [row.delivery.id, row]));
  for (let hop = 0, wanted = successorsOf(own); hop < hopsMax && wanted.length > 0; hop += 1) {
    const next = await deliveriesWhere(tx, member, inArray(deliveries.id, wanted));
    for (const row of next) all.set(row.delivery.id, row);
    wanted = successorsOf(next).filter((id) => !all.has(id));
  }
  const made = await attemptsOf(tx, [...all.keys()]);
  const shownAs = ({ delivery, type, device }: Row, hops: number): ReceiptDelivery => {
    const successor = delivery.state === "merged" && delivery.reason && hops < hopsMax ? all.get(delivery.reason) : undefined;
    return {
      id: delivery.id,
      type: type as NotificationType,
      state: delivery.state,
      hold: delivery.hold,
      reason: delivery.state === "merged" ? null : delivery.reason,
      lateReason: isLateReason(delivery.reason) ? delivery.reason : null,
      cause: delivery.cause,
      deliverAfter: delivery.deliverAfter,
      settledAt: delivery.settledAt,
      device: device?.name ? { name: device.name, endedAt: device.endedAt } : null,
      attempts: made.get(delivery.id) ?? [],
      carriedBy: successor ? shownAs(successor, hops + 1) : null,
    };
  };
  const byChannel = new Map<PreferenceChannel, ReceiptDelivery[]>();
  for (const row of own) {
    // Only the registry names channels.
    const channel = preferenceOf[row.delivery.channel as keyof typeof preferenceOf];
    byChannel.set(channel, [...(byChannel.get(channel) ?? []), shownAs(row, 0)]);
  }
  return byChannel;
}

interface Row {
  delivery: typeof deliveries.$inferSelect;
  type: string;
  device: { name: string | null; endedAt: Date | null } | null;
}

const successorsOf = (rows: Row[]) => rows.flatMap(({ delivery }) => (delivery.state === "merged" && isId("delivery", delivery.reason) ? [delivery.reason] : []));

function deliveriesWhere(tx: Tx, member: Member, which: ReturnType<typeof eq>): Promise<Row[]> {
  return tx
    .select({ delivery: deliveries, type: notifications.type, device: { name: devices.name, endedAt: devices.endedAt } })
    .from(deliveries)
    .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
    .leftJoin(devices, eq(devices.id, deliveries.deviceId))
    .where(and(which, eq(deliveries.memberId, member.id)))
    .orderBy(asc(deliveries.id))
    .limit(100);
}

/** A message that was tried for a day has some dozens of attempts; the last ones tell the story. */
const attemptsMax = 500;

async function attemptsOf(tx: Tx, deliveryIds: string[]): Promise<Map<string, ReceiptAttempt[]>> {
  if (deliveryIds.length === 0) return new Map();
  const rows = await tx.select().from(attempts).where(inArray(attempts.deliveryId, deliveryIds)).orderBy(desc(attempts.id)).limit(attemptsMax);
  const byDelivery = new Map<string, ReceiptAttempt[]>();
  for (const { deliveryId, number, startedAt, finishedAt, succeeded, statusCode, answer } of rows.reverse()) {
    byDelivery.set(deliveryId, [...(byDelivery.get(deliveryId) ?? []), { number, startedAt, finishedAt, succeeded, statusCode, answer }]);
  }
  return byDelivery;
}

/** Something that did not reach its reader on every channel. */
export interface KeptOut {
  id: string;
  type: CatalogType;
  category: Category;
  sentence: string;
  occurredAt: Date;
  shown: boolean;
  /** The channels that were left out, each with its reason. */
  left: { channel: PreferenceChannel; decision: Decision }[];
  /** Channels on which a message was given up. */
  failed: PreferenceChannel[];
}

export interface KeptOutPage {
  items: KeptOut[];
  nextCursor: string | null;
}

/** So many of the newest lines are looked through for channels that were left out. */
const lookedThrough = 300;

/**
 * Where the thing may be that somebody misses: what they keep out of the inbox (`inbox`), or what is there but did not come by mail
 * or push (`channels`), newest first. The cursor is the id of the last row seen.
 */
export async function keptOut(member: Member, { from, cursor, limit }: { from: "inbox" | "channels"; cursor?: string | undefined; limit: number }): Promise<KeptOutPage> {
  if (cursor !== undefined && !isId("receiver", cursor)) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  const reader = await readerOf(member);
  return inTenant(member, async (tx) => {
    const rows = await (from === "inbox" ? outOfTheInbox(tx, member, cursor, limit) : withoutChannels(tx, member, cursor, limit));
    const shown = rows.slice(0, limit);
    const given = await givenUp(tx, member, shown.map(({ notification }) => notification.id));
    return {
      items: shown.map(({ receiver, notification }) => {
        const type = notification.type as CatalogType;
        return {
          id: receiver.id,
          type,
          category: notification.category as Category,
          sentence: sentenceOf({ type, payload: notification.payload, occurredAt: notification.occurredAt }, null, reader),
          occurredAt: notification.occurredAt,
          shown: receiver.shown,
          left: leftOut(receiver.decisions),
          failed: given.get(notification.id) ?? [],
        };
      }),
      nextCursor: rows.length > limit ? (shown.at(-1)?.receiver.id ?? null) : null,
    };
  });
}

const leftOut = (decisions: Decisions) =>
  preferenceChannels.map((channel) => ({ channel, decision: decisions[channel] })).filter(({ decision }) => keptAway(decision));

interface Listed {
  receiver: typeof receivers.$inferSelect;
  notification: typeof notifications.$inferSelect;
}

function outOfTheInbox(tx: Tx, member: Member, cursor: string | undefined, limit: number): Promise<Listed[]> {
  return tx
    .select({ receiver: receivers, notification: notifications })
    .from(receivers)
    .innerJoin(notifications, eq(notifications.id, receivers.notificationId))
    .where(and(eq(receivers.memberId, member.id), sql`not shown`, cursor ? lt(receivers.id, cursor) : undefined))
    .orderBy(desc(receivers.id))
    .limit(limit + 1);
}

async function withoutChannels(tx: Tx, member: Member, cursor: string | undefined, limit: number): Promise<Listed[]> {
  const newest = await tx
    .select({ receiver: receivers, notification: notifications })
    .from(receivers)
    .innerJoin(notifications, eq(notifications.id, receivers.notificationId))
    .where(and(eq(receivers.memberId, member.id), sql`head and shown and snoozed_until is null`, cursor ? lt(receivers.position, cursor) : undefined))
    .orderBy(desc(receivers.position))
    .limit(lookedThrough);
  const failed = await givenUp(tx, member, newest.map(({ notification }) => notification.id));
  return newest.filter(({ receiver, notification }) => leftOut(receiver.decisions).length > 0 || failed.has(notification.id)).slice(0, limit + 1);
}

/** The channels on which messages of these notifications were given up. */
async function givenUp(tx: Tx, member: Member, notificationIds: string[]): Promise<Map<string, PreferenceChannel[]>> {
  if (notificationIds.length === 0) return new Map();
  const rows = await tx
    .selectDistinct({ notificationId: deliveries.notificationId, channel: deliveries.channel })
    .from(deliveries)
    .where(and(inArray(deliveries.notificationId, notificationIds), eq(deliveries.memberId, member.id), eq(deliveries.state, "failed")));
  const byNotification = new Map<string, PreferenceChannel[]>();
  for (const { notificationId, channel } of rows) {
    byNotification.set(notificationId, [...(byNotification.get(notificationId) ?? []), preferenceOf[channel as keyof typeof preferenceOf]]);
  }
  return byNotification;
}
