import { sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { snoozeChoices, type SnoozeChoice, type SnoozeNotificationsInput } from "../inputs";
import { inboxCount, type InboxCount } from "../queries";
import type { Sleeper } from "./queries";
import { maySnoozeUntil, wakesAt } from "./rules";

export interface Snoozed extends InboxCount {
  /** When the first of them comes back; null when they were woken. */
  until: Date | null;
}

/**
 * Puts lines to sleep, or wakes them where they stand. What happens in a sleeping thread brings it back at once, because its newest
 * row is a new line.
 * @throws Refused INVALID for a time that is over or a year away, or when what it is about has no end; NOT_FOUND when no line is theirs.
 */
export async function snooze(member: Member, { ids, until }: SnoozeNotificationsInput): Promise<Snoozed> {
  const now = clock.now();
  const wakes = until === "subject-end" ? await asleepUntilEnd(member, ids, now) : await asleepUntil(member, ids, until === null ? null : instantMeant(until, member, now));
  return { ...(await inboxCount(member)), until: wakes };
}

function instantMeant(until: string, member: Member, now: Date): Date {
  const at = isChoice(until) ? wakesAt(until, now, member.timeZone) : new Date(until);
  if (!maySnoozeUntil(at, now)) throw refusedField("until", "snooze", describeFault("snooze"));
  return at;
}

const isChoice = (until: string): until is Exclude<SnoozeChoice, "subject-end"> => until !== "subject-end" && snoozeChoices.some((choice) => choice === until);

async function asleepUntil(member: Member, ids: string[], until: Date | null): Promise<Date | null> {
  const rows = await inTenant(member, (tx) =>
    tx.execute(sql`
      update receivers set snoozed_until = ${until?.toISOString() ?? null}::timestamptz, snoozed_for = null
      where member_id = ${member.id} and id = any(${sql.param(ids)}::text[]) and head and shown returning id`),
  );
  if (rows.length === 0) throw new Refused("NOT_FOUND");
  return until;
}

/** The end as the newest row tells it; a move that nobody was told of is found out when the time has come. */
async function asleepUntilEnd(member: Member, ids: string[], now: Date): Promise<Date> {
  const rows = await inTenant(member, (tx) =>
    tx.execute<{ until: string }>(sql`
      update receivers set snoozed_until = (n.payload -> 'meeting' ->> 'endsAt')::timestamptz, snoozed_for = 'subject-end'
      from notifications n
      where n.id = receivers.notification_id and member_id = ${member.id} and receivers.id = any(${sql.param(ids)}::text[]) and head and shown
        and (n.payload -> 'meeting' ->> 'endsAt')::timestamptz > ${now.toISOString()}::timestamptz
      returning snoozed_until::text as until`),
  );
  if (rows.length === 0) throw refusedField("until", "in-the-past", describeFault("in-the-past"));
  return new Date(Math.min(...rows.map((row) => new Date(row.until).getTime())));
}

/**
 * Brings back what has slept long enough: unread, at the top, as if it had just arrived. `ends` has the end of each subject that some
 * wait for; one that is still to come sends them to sleep again. Answers who got something back.
 */
export async function wake(tenant: Tenant, sleepers: Sleeper[], ends: Map<string, Date>): Promise<Sleeper[]> {
  const now = clock.now();
  const later = sleepers.filter(({ snoozedFor, subjectId }) => snoozedFor === "subject-end" && (ends.get(subjectId) ?? now) > now);
  const due = sleepers.filter((sleeper) => !later.includes(sleeper));
  const woken = await inTenant(tenant, async (tx) => {
    await tx.execute(sql`
      update receivers set snoozed_until = later.until::timestamptz
      from unnest(${sql.param(later.map(({ id }) => id))}::text[], ${sql.param(later.map(({ subjectId }) => (ends.get(subjectId) ?? now).toISOString()))}::text[]) as later (id, until)
      where receivers.id = later.id and snoozed_for = 'subject-end' and snoozed_until is not null`);
    // A row that is no head any more was overtaken in its sleep: its thread is awake already.
    return tx.execute<{ id: string; head: boolean }>(sql`
      update receivers set snoozed_until = null, snoozed_for = null,
        read_at = case when head then null else read_at end,
        position = case when head then woken.position else receivers.position end,
        written_in = case when head then pg_current_xact_id() else written_in end
      from unnest(${sql.param(due.map(({ id }) => id))}::text[], ${sql.param(due.map(() => newId("receiver")))}::text[]) as woken (id, position)
      where receivers.id = woken.id and snoozed_until <= ${now.toISOString()}::timestamptz
      returning receivers.id, head`);
  });
  const back = new Set(woken.filter(({ head }) => head).map(({ id }) => id));
  return due.filter(({ id }) => back.has(id));
}

/** What sleeps until a subject is over follows it when it moves; an end that has passed wakes them with the next sweep. */
export async function followSubject(tenant: Tenant, subjectId: string, endsAt: Date): Promise<number> {
  const rows = await inTenant(tenant, (tx) =>
    tx.execute(sql`
      update receivers set snoozed_until = ${endsAt.toISOString()}::timestamptz from notifications n
      where n.id = receivers.notification_id and n.subject_id = ${subjectId} and snoozed_for = 'subject-end' and snoozed_until is not null
      returning receivers.id`),
  );
  return rows.length;
}
