import { and, eq, inArray, isNull, lte, type SQL } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import { memberChannel, publishRealtime } from "@/lib/platform/realtime";
import type { Member } from "@/lib/organizations/actor";
import { inboxChanged } from "../channels/realtime";
import { receivers } from "../tables";
import type { ReadNotificationsInput } from "./inputs";
import { inboxCount, type InboxChange, type InboxCount } from "./queries";

/** Marks as read, and says what is left. Ids of other people are not found and change nothing. */
export function markRead(member: Member, input: ReadNotificationsInput): Promise<InboxCount> {
  return "ids" in input ? markWhere(member, inArray(receivers.id, input.ids)) : markAllRead(member, input);
}

/**
 * Marks everything up to the newest row that was seen; what arrives meanwhile stays unread.
 * @throws Refused INVALID when `upTo` is no inbox row's id.
 */
export async function markAllRead(member: Member, { upTo }: { upTo: string }): Promise<InboxCount> {
  if (!isId("receiver", upTo)) {
    throw new Refused("INVALID", { fields: [{ path: ["upTo"], code: "invalid", detail: "Use the id of a notification." }] });
  }
  return markWhere(member, lte(receivers.id, upTo));
}

async function markWhere(member: Member, which: SQL | undefined): Promise<InboxCount> {
  await inTenant(member, (tx) =>
    tx
      .update(receivers)
      .set({ readAt: clock.now() })
      .where(and(eq(receivers.memberId, member.id), isNull(receivers.readAt), which)),
  );
  return inboxCount(member);
}

/**
 * Tells the member's other tabs and devices. Straight to the provider, because a second is all they should wait; a tab that misses
 * it asks for itself when it is looked at again or reconnects.
 */
export async function announceInbox(member: Member, count: InboxCount): Promise<void> {
  const change: InboxChange = { ...count, receiverId: null, type: null, subjectId: null };
  const answer = await publishRealtime([{ channel: memberChannel(member.id), event: inboxChanged, data: { ...change } }]);
  if (!answer.ok) log.warn("inbox change not published", { memberId: member.id, answer: answer.answer });
}
