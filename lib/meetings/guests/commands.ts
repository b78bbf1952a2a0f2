import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { clearOnCommit } from "@/lib/platform/cache";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { limitRate } from "@/lib/platform/rate-limit";
import { members } from "@/lib/organizations/tables";
import type { AttendeeInput } from "../inputs";
import { meetingTag } from "../queries";
import type { Invitee } from "../rules";
import { attendees } from "../tables";

type AttendeeRow = typeof attendees.$inferSelect;

export interface GuestListChange {
  added: AttendeeRow[];
  removed: AttendeeRow[];
  kept: AttendeeRow[];
  /** How many of those kept now must, or need not, come, or have become members since. */
  adjusted: number;
}

/**
 * Counts the people from outside that a booking or change would newly invite: everybody may found an organization, and its meetings
 * must not become a relay for strangers' mail. Before the transaction, because the count is kept outside of it.
 * @throws Refused TOO_MANY_REQUESTS.
 */
export async function limitOutsideGuests(tenant: Tenant, wanted: AttendeeInput[], meetingId?: string): Promise<void> {
  const addresses = new Set(wanted.flatMap((input) => ("email" in input ? [input.email.toLowerCase()] : [])));
  if (addresses.size === 0) return;
  const known = await inTenant(tenant, async (tx) => {
    const listed = [...addresses];
    const invited = meetingId
      ? await tx.select({ email: attendees.email }).from(attendees).where(and(eq(attendees.meetingId, meetingId), inArray(attendees.email, listed)))
      : [];
    const inside = await tx
      .select({ email: users.email })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.organizationId, tenant.organizationId), isNull(members.removedAt), inArray(users.email, listed)));
    return new Set([...invited, ...inside].map(({ email }) => email));
  });
  const fresh = [...addresses].filter((address) => !known.has(address)).length;
  if (fresh > 0) await limitRate(`outside-guests:${tenant.organizationId}`, env().OUTSIDE_GUESTS_PER_HOUR, 3600, fresh);
}

/**
 * Makes the guest list of a meeting equal to `wanted`, leaving the answers of everybody who stays untouched. Someone removed
 * earlier who comes back gets their row back with a clean answer. The organizer's row is not part of it.
 */
export async function setGuests(tx: Tx, meeting: { id: string; organizationId: string }, wanted: Invitee[]): Promise<GuestListChange> {
  const stored = await tx
    .select()
    .from(attendees)
    .where(and(eq(attendees.meetingId, meeting.id), eq(attendees.isOrganizer, false)))
    // In the order in which the mails lock them, or the two wait for each other in a ring.
    .orderBy(attendees.id)
    .for("update");
  const wantedEmails = new Set(wanted.map((invitee) => invitee.email));
  const presentEmails = new Set(stored.filter((row) => !row.removedAt).map((row) => row.email));
  const leaving = stored.filter((row) => !row.removedAt && !wantedEmails.has(row.email));
  const coming = wanted.filter((invitee) => !presentEmails.has(invitee.email));

  const removed = leaving.length === 0 ? [] : await tx
    .update(attendees)
    .set({ removedAt: clock.now() })
    .where(inArray(attendees.id, leaving.map((row) => row.id)))
    .returning();
  const added = coming.length === 0 ? [] : await addGuests(tx, meeting, coming);
  const staying = new Map(stored.filter((row) => !row.removedAt).map((row) => [row.email, row]));
  const kept: AttendeeRow[] = [];
  let adjusted = 0;
  for (const { email, memberId, required } of wanted) {
    const row = staying.get(email);
    if (!row) continue;
    const now = { memberId: memberId ?? row.memberId, required };
    if (now.memberId !== row.memberId || now.required !== row.required) {
      adjusted += 1;
      await tx.update(attendees).set(now).where(eq(attendees.id, row.id));
    }
    kept.push({ ...row, ...now });
  }
  return { added, removed, kept, adjusted };
}

export function addGuests(tx: Tx, meeting: { id: string; organizationId: string }, invitees: Invitee[]): Promise<AttendeeRow[]> {
  return tx
    .insert(attendees)
    .values(invitees.map((invitee) => ({ ...invitee, organizationId: meeting.organizationId, meetingId: meeting.id })))
    .onConflictDoUpdate({
      target: [attendees.meetingId, attendees.email],
      set: {
        memberId: sql`excluded.member_id`,
        name: sql`excluded.name`,
        required: sql`excluded.required`,
        removedAt: null,
        partstat: "needs-action",
        respondedAt: null,
        respondedSequence: null,
        comment: null,
      },
    })
    .returning();
}

/**
 * Gives a new member the meetings they were invited to by e-mail before they had an account, so that these stand in their calendar.
 * Safe to repeat. @returns how many.
 */
export function adoptGuest(tenant: Tenant, member: { id: string; email: string }): Promise<number> {
  return inTenant(tenant, async (tx) => {
    const adopted = await tx
      .update(attendees)
      .set({ memberId: member.id })
      .where(and(eq(attendees.organizationId, tenant.organizationId), eq(attendees.email, member.email.toLowerCase()), isNull(attendees.memberId)))
      .returning({ meetingId: attendees.meetingId });
    for (const { meetingId } of adopted) await clearOnCommit(tx, meetingTag(tenant, meetingId));
    return adopted.length;
  });
}
