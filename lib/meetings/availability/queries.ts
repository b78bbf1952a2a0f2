import { and, asc, eq, gt, inArray, isNull, lt, ne, sql } from "drizzle-orm";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { attendees, meetings } from "../tables";
import type { Busy } from "./rules";

/** Longest a meeting may last; lets the index on the start find every meeting that could still be running. */
const longestDays = 14;

/**
 * When members of this organization are busy, and nothing else about it: declined and cancelled meetings do not count, unanswered
 * ones do. At most 500 members at a time.
 */
export function busyTimes(
  tenant: Tenant,
  options: { memberIds: string[]; from: Date; to: Date; exceptMeetingId?: string },
): Promise<(Busy & { memberId: string })[]> {
  return inTenant(tenant, (tx) => busyIn(tx, tenant, options));
}

export async function busyIn(
  tx: Tx,
  tenant: Tenant,
  { memberIds, from, to, exceptMeetingId }: { memberIds: string[]; from: Date; to: Date; exceptMeetingId?: string },
): Promise<(Busy & { memberId: string })[]> {
  if (memberIds.length === 0) return [];
  const rows = await tx
    .select({ memberId: attendees.memberId, startsAt: meetings.startsAt, endsAt: meetings.endsAt })
    .from(meetings)
    .innerJoin(attendees, eq(attendees.meetingId, meetings.id))
    .where(
      and(
        eq(meetings.organizationId, tenant.organizationId),
        eq(meetings.status, "confirmed"),
        lt(meetings.startsAt, to),
        gt(meetings.startsAt, sql`${from.toISOString()}::timestamptz - make_interval(days => ${longestDays})`),
        gt(meetings.endsAt, from),
        inArray(attendees.memberId, memberIds),
        isNull(attendees.removedAt),
        ne(attendees.partstat, "declined"),
        exceptMeetingId ? ne(meetings.id, exceptMeetingId) : undefined,
      ),
    )
    .orderBy(asc(meetings.startsAt));
  return rows.flatMap(({ memberId, startsAt, endsAt }) => (memberId ? [{ memberId, startsAt, endsAt }] : []));
}
