/** When reminders fall due and when they no longer apply. Pure. */
export function dueAt(meeting: { startsAt: Date; reminderMinutes: number | null }): Date | null {
  if (meeting.reminderMinutes === null) return null;
  return new Date(meeting.startsAt.getTime() - meeting.reminderMinutes * 60_000);
}

export type DropReason = "cancelled" | "superseded" | "over" | "removed" | "declined";

/**
 * Why a reminder must not go out, or null when it must. Judged at the last moment, on the meeting as it stands. A new title or place
 * silences nothing: past the instant of the reminder no other would be made for the same time.
 */
export function reasonToDrop({
  reminder,
  meeting,
  attendee,
  now,
}: {
  reminder: { sequence: number };
  meeting: { status: "confirmed" | "cancelled"; movedSequence: number; startsAt: Date };
  attendee: { removedAt: Date | null; partstat: string };
  now: Date;
}): DropReason | null {
  if (meeting.status === "cancelled") return "cancelled";
  if (reminder.sequence < meeting.movedSequence) return "superseded";
  if (meeting.startsAt <= now) return "over";
  if (attendee.removedAt) return "removed";
  if (attendee.partstat === "declined") return "declined";
  return null;
}
