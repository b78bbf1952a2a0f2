import { and, asc, eq, gt, inArray, isNull, lt, ne, or, sql } from "drizzle-orm";
import { taggedCache } from "@/lib/platform/cache";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import { instantInput } from "@/lib/platform/instant-input";
import type { Member } from "@/lib/organizations/actor";
import type { ListMeetingsInput, Partstat } from "./inputs";
import { detailsOf, groupByMeeting, type MeetingDetails } from "./mappings";
import { maySee } from "./policy";
import { attendees, meetings } from "./tables";

/** Cache: owner this file; key one tenant and meeting; life ten minutes; cleared on commit by whoever writes an event of the meeting. */
const details = taggedCache<MeetingDetails>("meetings", { max: 2_000, lifeMs: 10 * 60 * 1000 });
export const meetingTag = (tenant: Tenant, meetingId: string) => `meeting:${tenant.organizationId}:${meetingId}`;

/** Where the API shows a meeting. */
export const meetingUrl = (meetingId: string) => `${env().APP_URL}/api/meetings/${meetingId}`;

/** One meeting with its people. @throws Refused NOT_FOUND also when it exists but this member is not part of it. */
export async function meetingDetails(member: Member, meetingId: string): Promise<MeetingDetails> {
  if (!isId("meeting", meetingId)) throw new Refused("NOT_FOUND");
  const found = await details.read(meetingTag(member, meetingId), () => inTenant(member, (tx) => loadMeeting(tx, member, meetingId)));
  if (!maySee(member, { organizerId: found.meeting.organizerId, attendees: found.attendees })) throw new Refused("NOT_FOUND");
  return found;
}

/** @throws Refused NOT_FOUND. For callers that prove their right themselves. */
export async function loadMeeting(tx: Tx, tenant: Tenant, meetingId: string): Promise<MeetingDetails> {
  const rows = await tx
    .select({ meeting: meetings, attendee: attendees })
    .from(meetings)
    .innerJoin(attendees, eq(attendees.meetingId, meetings.id))
    .where(and(eq(meetings.organizationId, tenant.organizationId), eq(meetings.id, meetingId)))
    .orderBy(asc(attendees.id));
  const found = groupByMeeting(rows).get(meetingId);
  if (!found) throw new Refused("NOT_FOUND");
  return detailsOf(found);
}

/** A meeting in a calendar: what a cell shows, without the people. */
export interface CalendarMeeting {
  id: string;
  title: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  location: string;
  joinUrl: string | null;
  status: "confirmed" | "cancelled";
  partstat: Partstat;
  isOrganizer: boolean;
}

/** A meeting lasts at most this long, so an index on the start finds every meeting that could still be running at an instant. */
const longestDays = 14;

const calendarColumns = {
  id: meetings.id,
  title: meetings.title,
  startsAt: meetings.startsAt,
  endsAt: meetings.endsAt,
  timeZone: meetings.timeZone,
  location: meetings.location,
  joinUrl: meetings.joinUrl,
  status: meetings.status,
  partstat: attendees.partstat,
  isOrganizer: attendees.isOrganizer,
};

const mine = (member: Member) =>
  and(eq(meetings.organizationId, member.organizationId), eq(attendees.memberId, member.id), isNull(attendees.removedAt));

const runningAfter = (from: Date) =>
  and(gt(meetings.startsAt, sql`${from.toISOString()}::timestamptz - make_interval(days => ${longestDays})`), gt(meetings.endsAt, from));

/** The member's own meetings that touch `[from, to)`, cancelled ones included, in order of their start. */
export function calendarMeetings(member: Member, span: { from: Date; to: Date }): Promise<CalendarMeeting[]> {
  return inTenant(member, (tx) =>
    tx
      .select(calendarColumns)
      .from(meetings)
      .innerJoin(attendees, eq(attendees.meetingId, meetings.id))
      .where(and(mine(member), runningAfter(span.from), lt(meetings.startsAt, span.to)))
      .orderBy(asc(meetings.startsAt), asc(meetings.id))
      .limit(2_000),
  );
}

/**
 * The member's meetings by range and cursor, for the API. The cursor names the last row seen, so that rows added meanwhile neither
 * repeat nor hide another.
 */
export async function listMeetings(member: Member, input: ListMeetingsInput): Promise<{ meetings: MeetingDetails[]; nextCursor: string | null }> {
  const after = input.cursor ? readCursor(input.cursor) : null;
  return inTenant(member, async (tx) => {
    const page = await tx
      .select({ id: meetings.id, startsAt: meetings.startsAt })
      .from(meetings)
      .innerJoin(attendees, eq(attendees.meetingId, meetings.id))
      .where(
        and(
          mine(member),
          input.from ? runningAfter(new Date(input.from)) : undefined,
          input.to ? lt(meetings.startsAt, new Date(input.to)) : undefined,
          after ? or(gt(meetings.startsAt, after.startsAt), and(eq(meetings.startsAt, after.startsAt), gt(meetings.id, after.id))) : undefined,
        ),
      )
      .orderBy(asc(meetings.startsAt), asc(meetings.id))
      .limit(input.limit + 1);
    const shown = page.slice(0, input.limit);
    const last = shown.at(-1);
    return {
      meetings: await loadMany(tx, member, shown.map((row) => row.id)),
      nextCursor: last && page.length > input.limit ? cursorOf(last) : null,
    };
  });
}

async function loadMany(tx: Tx, tenant: Tenant, ids: string[]): Promise<MeetingDetails[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .select({ meeting: meetings, attendee: attendees })
    .from(meetings)
    .innerJoin(attendees, eq(attendees.meetingId, meetings.id))
    .where(and(eq(meetings.organizationId, tenant.organizationId), inArray(meetings.id, ids)))
    .orderBy(asc(attendees.id));
  const byMeeting = groupByMeeting(rows);
  return ids.flatMap((id) => {
    const found = byMeeting.get(id);
    return found ? [detailsOf(found)] : [];
  });
}

const cursorOf = (row: { startsAt: Date; id: string }) => Buffer.from(`${row.startsAt.toISOString()} ${row.id}`).toString("base64url");

function readCursor(cursor: string): { startsAt: Date; id: string } {
  const [startsAt, id] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  if (!instantInput.safeParse(startsAt).success || !isId("meeting", id)) {
    throw new Refused("INVALID", { fields: [{ path: ["cursor"], code: "invalid", detail: "Use the nextCursor of an earlier answer." }] });
  }
  return { startsAt: new Date(startsAt ?? ""), id };
}

export interface Dashboard {
  /** Running now or still to come, soonest first. */
  upcoming: CalendarMeeting[];
  /** Invitations to coming meetings that wait for this member's answer. */
  awaiting: (CalendarMeeting & { organizerName: string | null })[];
}

/** What a member needs at a glance. One transaction, two statements. */
export function dashboard(member: Member): Promise<Dashboard> {
  const now = clock.now();
  const ahead = and(mine(member), eq(meetings.status, "confirmed"), runningAfter(now));
  return inTenant(member, async (tx) => {
    const upcoming = await tx
      .select(calendarColumns)
      .from(meetings)
      .innerJoin(attendees, eq(attendees.meetingId, meetings.id))
      .where(and(ahead, ne(attendees.partstat, "declined")))
      .orderBy(asc(meetings.startsAt), asc(meetings.id))
      .limit(10);
    const organizerName = sql<string | null>`(select o.name from attendees o where o.meeting_id = ${meetings.id} and o.is_organizer)`;
    const awaiting = await tx
      .select({ ...calendarColumns, organizerName })
      .from(meetings)
      .innerJoin(attendees, eq(attendees.meetingId, meetings.id))
      .where(and(ahead, eq(attendees.partstat, "needs-action"), eq(attendees.isOrganizer, false)))
      .orderBy(asc(meetings.startsAt), asc(meetings.id))
      .limit(20);
    return { upcoming, awaiting };
  });
}

/** When these meetings, as they stand, are over; a cancelled one is over already. For durable functions, which wait for that. */
export async function meetingEnds(tenant: Tenant, meetingIds: string[]): Promise<Map<string, Date>> {
  if (meetingIds.length === 0) return new Map();
  const rows = await inTenant(tenant, (tx) =>
    tx
      .select({ id: meetings.id, endsAt: meetings.endsAt, status: meetings.status })
      .from(meetings)
      .where(and(eq(meetings.organizationId, tenant.organizationId), inArray(meetings.id, meetingIds))),
  );
  const now = clock.now();
  return new Map(rows.map(({ id, endsAt, status }) => [id, status === "cancelled" && endsAt > now ? now : endsAt]));
}
