import { and, eq, inArray, isNull, lte, sql, type SQL } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import { memberChannel, publishRealtime } from "@/lib/platform/realtime";
import type { Member } from "@/lib/organizations/actor";
import { inboxChanged } from "../channels/realtime";
import { inboxVersions, receivers } from "../tables";
import type { ReadNotificationsInput } from "./inputs";
import { countsIn, type InboxChange, type InboxCount } from "./queries";

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

function markWhere(member: Member, which: SQL | undefined): Promise<InboxCount> {
  return inTenant(member, async (tx) => {
    // The version row first: whoever changes this inbox takes turns, so a count never belongs to an older version.
    const owner = { organizationId: member.organizationId, memberId: member.id };
    await tx.insert(inboxVersions).values(owner).onConflictDoNothing();
    await tx.select().from(inboxVersions).where(eq(inboxVersions.memberId, member.id)).for("update");
    const changed = await tx
      .update(receivers)
      .set({ readAt: clock.now() })
      .where(and(eq(receivers.memberId, member.id), isNull(receivers.readAt), which))
      .returning({ id: receivers.id });
    if (changed.length > 0) {
      await tx.update(inboxVersions).set({ version: sql`${inboxVersions.version} + 1` }).where(eq(inboxVersions.memberId, member.id));
    }
    return (await countsIn(tx, [member.id])).get(member.id) ?? { unread: 0, version: 0 };
  });
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
