import { and, desc, eq, inArray, lt, sql, type SQL } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { inTenant } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import type { FailureCause } from "../deliveries/rules";
import type { ChannelName } from "../inputs";
import { deliveries, notifications } from "../tables";
import type { DeadLetterFilter } from "./inputs";
import { mayHandleDeadLetters } from "./policy";
import { sayingTheWholeState } from "./rules";

/** A delivery that was refused for good, or could not be handed over in time. */
export interface DeadLetter {
  id: string;
  notificationId: string;
  type: string;
  category: string;
  subjectId: string;
  channel: ChannelName;
  recipient: string;
  memberId: string | null;
  /** The member's name; null for people without an account. */
  name: string | null;
  email: string | null;
  cause: FailureCause | null;
  /** The provider's words. */
  reason: string | null;
  attemptCount: number;
  generation: number;
  failedAt: Date | null;
  /** A newer message about the same has reached them: sent again, this one would say nothing. */
  overtaken: boolean;
}

const pageSize = 50;

/**
 * The organization's dead letters, newest first. The cursor is the id of the last one seen.
 * @throws Refused FORBIDDEN for whoever is no admin, INVALID for a cursor that is none.
 */
export async function deadLetters(member: Member, filter: DeadLetterFilter, cursor?: string): Promise<{ items: DeadLetter[]; nextCursor: string | null }> {
  if (!mayHandleDeadLetters(member)) throw new Refused("FORBIDDEN");
  if (cursor !== undefined && !isId("delivery", cursor)) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  const rows = await inTenant(member, (tx) =>
    tx
      .select({ delivery: deliveries, notification: notifications, name: users.name, address: users.email, overtaken: sql<boolean>`${overtaken}` })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .leftJoin(members, eq(members.id, deliveries.memberId))
      .leftJoin(users, eq(users.id, members.userId))
      .where(and(eq(deliveries.organizationId, member.organizationId), meant(filter), cursor ? lt(deliveries.id, cursor) : undefined))
      .orderBy(desc(deliveries.id))
      .limit(pageSize + 1),
  );
  const items = rows.slice(0, pageSize).map(({ delivery, notification, name, address, overtaken }) => ({
    id: delivery.id,
    notificationId: notification.id,
    type: notification.type,
    category: notification.category,
    subjectId: notification.subjectId,
    // Only the catalog names channels.
    channel: delivery.channel as ChannelName,
    recipient: delivery.recipient,
    memberId: delivery.memberId,
    name,
    email: address ?? delivery.email,
    cause: delivery.cause,
    reason: delivery.reason,
    attemptCount: delivery.attemptCount,
    generation: delivery.generation,
    failedAt: delivery.settledAt,
    overtaken,
  }));
  return { items, nextCursor: rows.length > pageSize ? (items.at(-1)?.id ?? null) : null };
}

/** The dead letters that a filter names. Joined with their notifications. */
export function meant({ channel, cause, reason, type, recipient, notificationId }: DeadLetterFilter): SQL | undefined {
  return and(
    eq(deliveries.state, "failed"),
    channel && eq(deliveries.channel, channel),
    cause && eq(deliveries.cause, cause),
    reason === undefined ? undefined : sql`coalesce(${deliveries.reason}, '') = ${reason}`,
    type ? eq(notifications.type, type) : undefined,
    recipient ? eq(deliveries.recipient, recipient) : undefined,
    notificationId ? eq(deliveries.notificationId, notificationId) : undefined,
  );
}

/** A newer one of its merge key was written and has not failed. Joined with their notifications. */
export const overtaken: SQL = sql`(${inArray(notifications.type, [...sayingTheWholeState])} and exists (
  select 1 from deliveries newer
  where newer.notification_id in (select id from notifications same where same.subject_id = ${notifications.subjectId})
    and newer.channel = ${deliveries.channel} and newer.merge_key = ${deliveries.mergeKey} and newer.id > ${deliveries.id}
    and newer.state in ('sent', 'sending', 'pending', 'held') and (newer.state = 'sent' or newer.rendered_at is not null)
))`;
