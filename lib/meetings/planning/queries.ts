import { Temporal } from "temporal-polyfill";
import { clock } from "@/lib/platform/clock";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { busyTimes } from "../availability/queries";
import { nextFreeTimes, overlaps, type Busy } from "../availability/rules";
import { resolveTimes } from "../calendar/inputs";
import { resolveWallClock, wallClockAt, zoned } from "../calendar/rules";
import { timeZoneInput } from "@/lib/platform/i18n/time-zone-input";
import type { PlanInput } from "./inputs";

export interface Plan {
  startsAt: string;
  endsAt: string;
  /** Members, of those asked about and the one asking, who have something else then. */
  busy: string[];
  /** Whether the one asking is among them: what the guard would refuse. */
  ownConflict: boolean;
  /** When somebody is busy: the next times at which everybody is free. */
  free: { startsAt: string; endsAt: string; date: string; start: string }[];
}

/** The two instants of a wall-clock time that happens twice. */
export interface TwiceChoice {
  earlier: string;
  later: string;
}

export type PlanAnswer =
  | { ok: true; plan: Plan; twice: TwiceChoice | null }
  | { ok: false; field: string; code: string; instead: string | null; twice: TwiceChoice | null };

const dayMs = 86_400_000;

/** What a time would mean for everybody, before it is booked. @throws Refused INVALID. */
export async function planTime(member: Member, input: PlanInput): Promise<PlanAnswer> {
  const zone = parseInput(timeZoneInput, input.timeZone, ["timeZone"]);
  const wall = resolveWallClock(`${input.date}T${input.start}`, zone);
  const twice = wall.kind === "twice" ? { earlier: wall.earlier.toISOString(), later: wall.later.toISOString() } : null;
  const times = resolveTimes(input);
  if (!times.ok) return { ok: false, field: times.field, code: times.code, instead: times.instead ?? null, twice };
  if (times.endsAt <= times.startsAt) return { ok: false, field: "end", code: "end-before-start", instead: null, twice };

  const memberIds = [...new Set([member.id, ...input.members])];
  const to = new Date(times.endsAt.getTime() + 15 * dayMs);
  const taken = await busyTimes(member, { memberIds, from: times.startsAt, to, exceptMeetingId: input.except });
  const busy = [...new Set(taken.filter((other) => overlaps(times, other)).map(({ memberId }) => memberId))];
  return {
    ok: true,
    twice,
    plan: {
      startsAt: times.startsAt.toISOString(),
      endsAt: times.endsAt.toISOString(),
      busy,
      ownConflict: busy.includes(member.id),
      free: busy.length === 0 ? [] : nextFreeTimes(times, taken, zone).map((free) => freeTime(free, zone)),
    },
  };
}

function freeTime({ startsAt, endsAt }: Busy, zone: string): Plan["free"][number] {
  const [date = "", start = ""] = wallClockAt(startsAt, zone).split("T");
  return { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), date, start };
}

/**
 * Where a new meeting starts unless the person says otherwise: the next half-hour at which they are free, tomorrow morning when the
 * day is over.
 */
export async function nextFreeHalfHour(member: Member): Promise<{ date: string; start: string }> {
  const wanted = firstHalfHour(clock.now(), member.timeZone);
  const horizon = new Date(wanted.getTime() + 15 * dayMs);
  const taken = await busyTimes(member, { memberIds: [member.id], from: wanted, to: horizon });
  const isTaken = (startsAt: Date) => {
    const span = { startsAt, endsAt: new Date(startsAt.getTime() + 30 * 60_000) };
    return taken.some((other) => overlaps(span, other));
  };
  let start = wanted;
  while (isTaken(start) && start < horizon) start = firstHalfHour(start, member.timeZone);
  const [date = "", time = ""] = wallClockAt(start, member.timeZone).split("T");
  return { date, start: time };
}

/** The half-hour after an instant on the wall clock, within working hours; zones with odd quarters have theirs on their own clock. */
function firstHalfHour(after: Date, zone: string): Date {
  const local = zoned(after, zone);
  const rounded = local
    .with({ minute: local.minute < 30 ? 30 : 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 })
    .add({ hours: local.minute < 30 ? 0 : 1 });
  const morning = Temporal.PlainTime.from("09:00");
  const sensible =
    rounded.hour < 8
      ? rounded.withPlainTime(morning)
      : rounded.hour >= 20 || !rounded.toPlainDate().equals(local.toPlainDate())
        ? local.add({ days: 1 }).withPlainTime(morning)
        : rounded;
  return new Date(sensible.epochMilliseconds);
}
