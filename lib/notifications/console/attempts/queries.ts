import { and, desc, eq, lt } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { devices } from "../../devices/tables";
import type { ChannelName } from "../../inputs";
import { attempts, deliveries, notifications, receivers } from "../../tables";
import type { ListAttemptsInput } from "../inputs";
import { mayWatchDeliveries } from "../policy";
import { attemptColumns, type AttemptRecord } from "../queries";

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
