import { and, desc, eq, gte, ilike, inArray, isNull, lt, or, type SQL } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { displayName } from "@/lib/platform/auth/people";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { firstIdAt, isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { addressKey } from "../addresses/queries";
import { devices } from "../devices/tables";
import type { ChannelName } from "../inputs";
import { attempts, deliveries, notifications } from "../tables";
import type { SearchDeliveriesInput } from "./inputs";
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

export function consoleRows(tx: Tx, condition: SQL | undefined, limit: number) {
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

export function consoleDelivery({ email, guest, name, ...row }: Awaited<ReturnType<typeof consoleRows>>[number]): ConsoleDelivery {
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

export const attemptColumns = {
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
