import { refusedField } from "@/lib/platform/errors";
import { describeFault } from "@/lib/platform/validation";

/** What must hold for meetings, and what counts as a change. Pure. */
const longestMs = 14 * 24 * 60 * 60 * 1000;

/** @throws Refused INVALID naming the field. A meeting that has begun may be recorded; one that is over may not be booked. */
export function assertTimes(times: { startsAt: Date; endsAt: Date }, now: Date): void {
  if (times.endsAt <= times.startsAt) throw refusedField("endsAt", "end-before-start", describeFault("end-before-start"));
  if (times.endsAt.getTime() - times.startsAt.getTime() > longestMs) throw refusedField("endsAt", "too-long-meeting", describeFault("too-long-meeting"));
  if (times.endsAt <= now) throw refusedField("startsAt", "in-the-past", describeFault("in-the-past"));
}

/** What attendees see of a meeting. */
export interface Visible {
  title: string;
  description: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  location: string;
  joinUrl: string | null;
}

export type Change = "time" | "place" | "title" | "description";

/** What differs between two states, in the order a reader cares about. */
export function changesBetween(before: Visible, after: Visible): Change[] {
  const changes: Change[] = [];
  const moved = before.startsAt.getTime() !== after.startsAt.getTime() || before.endsAt.getTime() !== after.endsAt.getTime();
  if (moved || before.timeZone !== after.timeZone) changes.push("time");
  if (before.location !== after.location || before.joinUrl !== after.joinUrl) changes.push("place");
  if (before.title !== after.title) changes.push("title");
  if (before.description !== after.description) changes.push("description");
  return changes;
}

/** Someone to be invited, after member ids and addresses were brought together. */
export interface Invitee {
  memberId: string | null;
  email: string;
  name: string | null;
  required: boolean;
}

/** One row a person: the first mention wins, but being required anywhere counts. The organizer is never their own guest. */
export function mergeInvitees(invitees: Invitee[], organizerEmail: string): Invitee[] {
  const byEmail = new Map<string, Invitee>();
  for (const invitee of invitees) {
    if (invitee.email === organizerEmail) continue;
    const known = byEmail.get(invitee.email);
    byEmail.set(invitee.email, known ? { ...known, memberId: known.memberId ?? invitee.memberId, required: known.required || invitee.required } : invitee);
  }
  return [...byEmail.values()];
}
