import { Temporal } from "temporal-polyfill";
import { clock } from "@/lib/platform/clock";
import type { Member } from "@/lib/organizations/actor";
import { calendarMeetings, type CalendarMeeting } from "../queries";
import { dayBounds, localDate, zoned } from "./rules";

/** A meeting, or the part of it, that lies on one local day. Minutes are those of the wall clock, 0 to 1440. */
export interface CalendarEntry extends CalendarMeeting {
  fromMinute: number;
  toMinute: number;
  startsHere: boolean;
}

export interface CalendarDay {
  /** `YYYY-MM-DD` in the member's zone. */
  date: string;
  entries: CalendarEntry[];
}

/** The member's days from a local date on, each with what touches it. */
export async function calendarDays(member: Member, from: string, count: number): Promise<CalendarDay[]> {
  const first = Temporal.PlainDate.from(from);
  const dates = Array.from({ length: count }, (_, index) => first.add({ days: index }).toString());
  const last = dates.at(-1) ?? from;
  const zone = member.timeZone;
  const found = await calendarMeetings(member, { from: dayBounds(from, zone).from, to: dayBounds(last, zone).to });
  return dates.map((date) => {
    const bounds = dayBounds(date, zone);
    const touching = found.filter((meeting) => meeting.startsAt < bounds.to && meeting.endsAt > bounds.from);
    return { date, entries: touching.map((meeting) => entryOf(meeting, bounds, zone)) };
  });
}

function entryOf(meeting: CalendarMeeting, { from, to }: { from: Date; to: Date }, zone: string): CalendarEntry {
  const startsHere = meeting.startsAt >= from;
  return {
    ...meeting,
    startsHere,
    fromMinute: startsHere ? minuteOf(meeting.startsAt, zone) : 0,
    toMinute: meeting.endsAt < to ? minuteOf(meeting.endsAt, zone) : 1440,
  };
}

function minuteOf(at: Date, zone: string): number {
  const local = zoned(at, zone);
  return local.hour * 60 + local.minute;
}

/** Now, on the member's calendar. */
export function localNow(member: Member): { date: string; minute: number } {
  const now = clock.now();
  return { date: localDate(now, member.timeZone), minute: minuteOf(now, member.timeZone) };
}
