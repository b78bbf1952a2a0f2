import { cache } from "react";
import { and, asc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { categories, type Category, type PreferenceChannel, type PreferenceValue } from "../inputs";
import { quietUntil, type QuietHours } from "../quiet-hours/rules";
import type { Choice } from "../rules";
import { topicChoice } from "../topics/queries";
import { topicKindOf } from "../topics/rules";
import { maySetOrganizationDefaults } from "./policy";
import { effective, estimatedWeeks, isCritical, mailsAWeek, type Chosen, type MailsAWeek } from "./rules";
import { preferences, schedules, threadMutes } from "./tables";

export interface PreferenceCell {
  choice: Choice;
  /** What would apply without the choice that can be made at this level. */
  inherited: Choice;
}

export interface PreferenceRow {
  category: Category;
  /** Cannot be switched off. */
  critical: boolean;
  cells: Record<PreferenceChannel, PreferenceCell>;
  /** About how many mails a week each value of e-mail comes to; null where nobody's mail is meant. */
  mails: MailsAWeek | null;
  /** The same for the value that applies; null when that is off. */
  mailsPerWeek: number | null;
}

/**
 * What applies to the member in each category on each channel, and why: everywhere, or in one workspace.
 * @throws Refused NOT_FOUND for a workspace they are not in.
 */
export function preferenceGrid(member: Member, workspaceId: string | null): Promise<PreferenceRow[]> {
  return inTenant(member, async (tx) => {
    if (workspaceId !== null) await requireWorkspace(tx, member, workspaceId);
    const chosen = await chosenBy(tx, member, workspaceId);
    return rowsOf(chosen, workspaceId === null ? "mine" : "workspace", await mailEstimates(tx, member));
  });
}

/** What holds for everybody who has chosen nothing. @throws Refused FORBIDDEN unless the member may set it. */
export async function organizationDefaults(member: Member): Promise<PreferenceRow[]> {
  if (!maySetOrganizationDefaults(member)) throw new Refused("FORBIDDEN");
  return rowsOf(await inTenant(member, (tx) => organizationChoices(tx, member)), "organization", null);
}

function rowsOf(chosen: Chosen[], level: Chosen["level"], estimates: Map<string, MailsAWeek> | null): PreferenceRow[] {
  const weaker = chosen.filter((one) => one.level !== level);
  return categories.map((category) => {
    const cell = (channel: PreferenceChannel): PreferenceCell => ({ choice: effective(category, channel, chosen), inherited: effective(category, channel, weaker) });
    const cells = { inbox: cell("inbox"), email: cell("email"), push: cell("push") };
    const mails = estimates && (estimates.get(category) ?? { on: 0, daily: 0, weekly: 0 });
    const { value } = cells.email.choice;
    return { category, critical: isCritical(category), cells, mails, mailsPerWeek: mails && value !== "off" ? mails[value] : null };
  });
}

/** A workspace of another organization is as unknown as one that the member is not in. */
export async function requireWorkspace(tx: Tx, member: Member, workspaceId: string): Promise<void> {
  const [found] = await tx
    .select({ id: workspaceMembers.workspaceId })
    .from(workspaceMembers)
    .where(
      and(eq(workspaceMembers.organizationId, member.organizationId), eq(workspaceMembers.workspaceId, workspaceId), eq(workspaceMembers.memberId, member.id)),
    );
  if (!found) throw new Refused("NOT_FOUND", { detail: "You are in no such workspace." });
}

async function chosenBy(tx: Tx, member: Member, workspaceId: string | null): Promise<Chosen[]> {
  const rows = await tx
    .select()
    .from(preferences)
    .where(
      and(
        eq(preferences.organizationId, member.organizationId),
        or(and(isNull(preferences.memberId), isNull(preferences.workspaceId)), eq(preferences.memberId, member.id)),
        workspaceId === null ? isNull(preferences.workspaceId) : or(isNull(preferences.workspaceId), eq(preferences.workspaceId, workspaceId)),
      ),
    );
  return rows.map(chosenOf);
}

// Only `inputs.ts` lets categories, channels and values in.
const chosenOf = (row: typeof preferences.$inferSelect): Chosen => ({
  level: row.memberId === null ? "organization" : row.workspaceId === null ? "mine" : "workspace",
  category: row.category as Category,
  channel: row.channel as PreferenceChannel,
  value: row.value as PreferenceValue,
});

/**
 * By what the member was told in the last weeks, whether mailed or not: so it says as well what switching mail on would mean. Heads
 * and earlier rows of a thread have an index each.
 */
async function mailEstimates(tx: Tx, member: Member): Promise<Map<string, MailsAWeek>> {
  const now = clock.now().toISOString();
  const rows = await tx.execute<{ category: string; count: number; days: number; weeks: number }>(sql`
    select category, count(*)::int as count,
      count(distinct floor(extract(epoch from ${now}::timestamptz - created_at) / 86400))::int as days,
      count(distinct floor(extract(epoch from ${now}::timestamptz - created_at) / 604800))::int as weeks
    from (
      select category, created_at, decisions from receivers where member_id = ${member.id} and head
      union all
      select category, created_at, decisions from receivers where member_id = ${member.id} and not head
    ) as told
    where created_at > ${now}::timestamptz - make_interval(weeks => ${estimatedWeeks}) and created_at <= ${now}::timestamptz
      and decisions -> 'email' ->> 'why' is distinct from 'not-offered'
    group by category`);
  return new Map(rows.map(({ category, ...told }) => [category, mailsAWeek(told)]));
}

export interface PreferencePlace {
  id: string;
  name: string;
  /** How many choices the member made for this workspace alone. */
  overrides: number;
}

/** The workspaces that a member can choose for. */
export function preferencePlaces(member: Member): Promise<PreferencePlace[]> {
  return inTenant(member, (tx) =>
    tx
      .select({ id: workspaces.id, name: workspaces.name, overrides: sql<number>`count(${preferences.category})::int` })
      .from(workspaceMembers)
      .innerJoin(workspaces, eq(workspaces.id, workspaceMembers.workspaceId))
      .leftJoin(preferences, and(eq(preferences.memberId, member.id), eq(preferences.workspaceId, workspaces.id)))
      .where(and(eq(workspaceMembers.organizationId, member.organizationId), eq(workspaceMembers.memberId, member.id)))
      .groupBy(workspaces.id)
      .orderBy(asc(workspaces.id)),
  );
}

/** What keeps e-mail and push away at this moment. */
export interface Interruptions {
  /** By a mute, with or without an end. */
  muted: boolean;
  mutedUntil: Date | null;
  /** The end of the quiet hours under way. */
  quietUntil: Date | null;
}

export interface Schedule extends Interruptions {
  /** Of the member's profile. */
  timeZone: string;
  quietHours: QuietHours;
  digestTime: string;
  digestWeekday: number;
  pushDetails: boolean;
  /** Mails and pushes that wait for the member at this moment, and when the next of them go. */
  held: { count: number; until: Date | null };
}

export function schedule(member: Member): Promise<Schedule> {
  return inTenant(member, async (tx) => {
    const { timeZone, row, now } = await storedSchedule(tx, member);
    const [held] = await tx.execute<{ count: number; until: string | null }>(
      sql`select count(*)::int as count, min(deliver_after) as until from deliveries where member_id = ${member.id} and state = 'held'`,
    );
    return {
      ...interruptionsOf(timeZone, row, now),
      timeZone,
      quietHours: row?.quietHours ?? {},
      digestTime: row?.digestTime ?? "08:00",
      digestWeekday: row?.digestWeekday ?? 1,
      pushDetails: row?.pushDetails ?? true,
      held: { count: held?.count ?? 0, until: held?.until ? new Date(held.until) : null },
    };
  });
}

/** Once a request: the shell asks on every page, and some pages ask as well. */
export const interruptions = cache((member: Member): Promise<Interruptions> =>
  inTenant(member, async (tx) => {
    const { timeZone, row, now } = await storedSchedule(tx, member);
    return interruptionsOf(timeZone, row, now);
  }),
);

type ScheduleRow = typeof schedules.$inferSelect;

/** The zone is read beside it: a change of the profile holds from the next question on. */
async function storedSchedule(tx: Tx, member: Member): Promise<{ timeZone: string; row: ScheduleRow | null; now: Date }> {
  const [found] = await tx
    .select({ timeZone: users.timeZone, row: schedules })
    .from(users)
    .leftJoin(schedules, and(eq(schedules.organizationId, member.organizationId), eq(schedules.memberId, member.id)))
    .where(eq(users.id, member.userId));
  return { timeZone: found?.timeZone ?? member.timeZone, row: found?.row ?? null, now: clock.now() };
}

function interruptionsOf(timeZone: string, row: ScheduleRow | null, now: Date): Interruptions {
  const mutedUntil = row?.mutedUntil && row.mutedUntil > now ? row.mutedUntil : null;
  return {
    muted: (row?.muted ?? false) || mutedUntil !== null,
    mutedUntil: row?.muted ? null : mutedUntil,
    quietUntil: row?.quietHours ? quietUntil(row.quietHours, timeZone, now) : null,
  };
}

/** Which of these threads the member muted. */
export async function mutedThreads(member: Member, threads: string[]): Promise<Set<string>> {
  if (threads.length === 0) return new Set();
  const topics = await topicChoice(member, threads.filter((thread) => topicKindOf(thread) !== null));
  const mutedArticles = [...topics].flatMap(([thread, choice]) => (choice === "muted" ? [thread] : []));
  return inTenant(member, async (tx) => {
    const rows = await tx
      .select({ thread: threadMutes.thread })
      .from(threadMutes)
      .where(and(eq(threadMutes.organizationId, member.organizationId), eq(threadMutes.recipient, member.id), inArray(threadMutes.thread, threads)));
    return new Set([...rows.map(({ thread }) => thread), ...mutedArticles]);
  });
}

/** What the organization chose for everybody. */
export async function organizationChoices(tx: Tx, tenant: Tenant): Promise<Chosen[]> {
  const rows = await tx
    .select()
    .from(preferences)
    .where(and(eq(preferences.organizationId, tenant.organizationId), isNull(preferences.memberId), isNull(preferences.workspaceId)));
  return rows.map(chosenOf);
}
