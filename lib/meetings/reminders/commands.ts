import { and, eq, inArray, isNull, lte, or } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { append } from "@/lib/platform/outbox/outbox";
import { meetingStarting } from "../events";
import { reminderChoices } from "../inputs";
import { factsOf, participantOf } from "../mappings";
import { attendees, meetings, reminders } from "../tables";
import { dueAt, reasonToDrop } from "./rules";

type Meeting = typeof meetings.$inferSelect;

/**
 * Makes the reminder rows of a meeting as it now stands and drops those of earlier versions. A reminder whose instant has passed is
 * not made: a meeting booked inside the window gets no stale "starts in 30 minutes".
 */
export async function planReminders(tx: Tx, meeting: Meeting): Promise<void> {
  await tx
    .update(reminders)
    .set({ state: "dropped", reason: "superseded", settledAt: clock.now() })
    .where(and(eq(reminders.meetingId, meeting.id), inArray(reminders.state, ["pending", "claimed"])));
  const due = dueAt(meeting);
  if (meeting.status === "cancelled" || meeting.reminderMinutes === null || !due || due <= clock.now()) return;
  const present = await tx
    .select({ attendeeId: attendees.id })
    .from(attendees)
    .where(and(eq(attendees.meetingId, meeting.id), isNull(attendees.removedAt)));
  const { organizationId, id: meetingId, sequence, reminderMinutes: offsetMinutes } = meeting;
  await tx
    .insert(reminders)
    .values(present.map(({ attendeeId }) => ({ organizationId, meetingId, attendeeId, sequence, offsetMinutes, dueAt: due })))
    .onConflictDoUpdate({
      target: [reminders.meetingId, reminders.sequence, reminders.attendeeId, reminders.offsetMinutes],
      // A row dropped above comes back when nothing about its time changed; one that was sent stays sent.
      set: { state: "pending", reason: null, settledAt: null, dueAt: due },
      setWhere: eq(reminders.state, "dropped"),
    });
}

/** No reminder falls due earlier than this before its meeting. */
export const reminderLeadMsMax = Math.max(...reminderChoices) * 60_000;

/** A set of reminders that fall due together. */
export interface DueReminders {
  organizationId: string;
  meetingId: string;
  sequence: number;
  dueAt: Date;
}

/** A claim that nobody fired for this long belongs to a run that is gone. */
const abandonedMs = 120_000;

/**
 * Claims every reminder due before `until`. Two claimers get disjoint rows, possibly of the same set: claiming spreads the work,
 * firing is what happens once.
 */
export function claimDueReminders(until: Date): Promise<DueReminders[]> {
  const now = clock.now();
  return asSystem("reminders", async (tx) => {
    const due = tx
      .select({ id: reminders.id })
      .from(reminders)
      .where(
        or(
          and(eq(reminders.state, "pending"), lte(reminders.dueAt, until)),
          and(eq(reminders.state, "claimed"), lte(reminders.dueAt, new Date(now.getTime() - abandonedMs)), lte(reminders.claimedAt, new Date(now.getTime() - abandonedMs))),
        ),
      )
      .limit(10_000)
      .for("update", { skipLocked: true });
    const rows = await tx
      .update(reminders)
      .set({ state: "claimed", claimedAt: now })
      .where(inArray(reminders.id, due))
      .returning({ organizationId: reminders.organizationId, meetingId: reminders.meetingId, sequence: reminders.sequence, dueAt: reminders.dueAt });
    const groups = new Map(rows.map((row) => [`${row.meetingId}/${row.sequence}/${row.dueAt.getTime()}`, row]));
    return [...groups.values()];
  });
}

/**
 * Fires the reminders of one meeting at one instant: reads the meeting again under a lock, drops what no longer applies, and reports
 * the rest as one `meeting.starting` event in the same transaction. Called twice, it finds nothing left the second time.
 */
export function fireReminders(tenant: Tenant, due: { meetingId: string; sequence: number; dueAt: Date }): Promise<{ fired: number; dropped: number }> {
  return inTenant(tenant, async (tx) => {
    const now = clock.now();
    const [meeting] = await tx.select().from(meetings).where(eq(meetings.id, due.meetingId)).for("share");
    if (!meeting) return { fired: 0, dropped: 0 };
    const rows = await tx
      .select({ id: reminders.id, sequence: reminders.sequence, attendee: attendees })
      .from(reminders)
      .innerJoin(attendees, eq(attendees.id, reminders.attendeeId))
      .where(
        and(
          eq(reminders.meetingId, due.meetingId),
          eq(reminders.sequence, due.sequence),
          eq(reminders.dueAt, due.dueAt),
          inArray(reminders.state, ["pending", "claimed"]),
        ),
      )
      .orderBy(attendees.id)
      .for("update", { of: reminders });
    const judged = rows.map((row) => ({ ...row, reason: reasonToDrop({ reminder: row, meeting, attendee: row.attendee, now }) }));
    const firing = judged.filter((row) => row.reason === null);
    await settle(tx, firing.map((row) => row.id), "sent", null);
    for (const reason of new Set(judged.map((row) => row.reason))) {
      if (reason) await settle(tx, judged.filter((row) => row.reason === reason).map((row) => row.id), "dropped", reason);
    }
    const organizer = await organizerOf(tx, meeting);
    if (firing.length > 0 && organizer) {
      await append(tx, tenant, meetingStarting, {
        meeting: factsOf(meeting, organizer),
        minutesLeft: Math.max(0, Math.round((meeting.startsAt.getTime() - now.getTime()) / 60_000)),
        recipients: firing.map((row) => participantOf(row.attendee)),
      });
    }
    return { fired: firing.length, dropped: judged.length - firing.length };
  });
}

async function settle(tx: Tx, ids: string[], state: "sent" | "dropped", reason: string | null): Promise<void> {
  if (ids.length === 0) return;
  await tx.update(reminders).set({ state, reason, settledAt: clock.now() }).where(inArray(reminders.id, ids));
}

async function organizerOf(tx: Tx, meeting: Meeting) {
  const [organizer] = await tx.select().from(attendees).where(and(eq(attendees.meetingId, meeting.id), eq(attendees.isOrganizer, true)));
  return organizer;
}
