import { and, asc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { stoppedMembers } from "../addresses/queries";
import { categories, type Category, type PreferenceChannel, type PreferenceValue } from "../inputs";
import { quietUntil, type QuietHours } from "../quiet-hours/rules";
import type { Choice, Standing } from "../rules";
import { maySetOrganizationDefaults } from "./policy";
import { effective, effectiveChoices, estimatedWeeks, isCritical, mailsAWeek, standingByDefault, type Chosen, type MailsAWeek } from "./rules";
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

export const schedule = (member: Member): Promise<Schedule> => inTenant(member, (tx) => scheduleIn(tx, member));

export async function interruptions(member: Member): Promise<Interruptions> {
  const { muted, mutedUntil, quietUntil: until } = await schedule(member);
  return { muted, mutedUntil, quietUntil: until };
}

async function scheduleIn(tx: Tx, member: Member): Promise<Schedule> {
  const now = clock.now();
  const [found] = await tx
    .select({ timeZone: users.timeZone, row: schedules })
    .from(users)
    .leftJoin(schedules, and(eq(schedules.organizationId, member.organizationId), eq(schedules.memberId, member.id)))
    .where(eq(users.id, member.userId));
  const { timeZone, row } = found ?? { timeZone: member.timeZone, row: null };
  const [held] = await tx.execute<{ count: number; until: string | null }>(
    sql`select count(*)::int as count, min(deliver_after) as until from deliveries where member_id = ${member.id} and state = 'held'`,
  );
  const mutedUntil = row?.mutedUntil && row.mutedUntil > now ? row.mutedUntil : null;
  return {
    timeZone,
    muted: (row?.muted ?? false) || mutedUntil !== null,
    mutedUntil: row?.muted ? null : mutedUntil,
    quietUntil: row?.quietHours ? quietUntil(row.quietHours, timeZone, now) : null,
    quietHours: row?.quietHours ?? {},
    digestTime: row?.digestTime ?? "08:00",
    digestWeekday: row?.digestWeekday ?? 1,
    pushDetails: row?.pushDetails ?? true,
    held: { count: held?.count ?? 0, until: held?.until ? new Date(held.until) : null },
  };
}

/** Which of these threads the member muted. */
export function mutedThreads(member: Member, threads: string[]): Promise<Set<string>> {
  if (threads.length === 0) return Promise.resolve(new Set());
  return inTenant(member, async (tx) => {
    const rows = await tx
      .select({ thread: threadMutes.thread })
      .from(threadMutes)
      .where(and(eq(threadMutes.organizationId, member.organizationId), eq(threadMutes.recipient, member.id), inArray(threadMutes.thread, threads)));
    return new Set(rows.map(({ thread }) => thread));
  });
}

/** What a standing depends on besides the person. */
export interface StandingMatter {
  category: Category;
  workspaceId: string | null;
  thread: string;
}

type StandingRow = {
  time_zone: string;
  has_device: boolean;
  thread_muted: boolean;
  /** The person's own choices of this category, with the level that each belongs to. */
  chosen: { level: "mine" | "workspace"; channel: PreferenceChannel; value: PreferenceValue }[] | null;
  schedule: { muted: boolean; muted_until: string | null; quiet_hours: QuietHours | null; digest_time: string; digest_weekday: number } | null;
  member_ids: string;
};

const scheduleFacts = sql`case when schedules.member_id is not null then jsonb_build_object(
  'muted', schedules.muted, 'muted_until', schedules.muted_until, 'quiet_hours', schedules.quiet_hours,
  'digest_time', schedules.digest_time, 'digest_weekday', schedules.digest_weekday) end`;

/** A kept plan expects ten ids in a list, and takes three times as long for thousands; making a new one costs a few milliseconds. */
const planAnewFrom = 500;

/**
 * Where each of these members stands towards one notification. A handful of statements whatever their number, and the database groups
 * them: members for whom the same is true share one object, so that whoever decides need decide once an object.
 */
export async function standingsFor(tx: Tx, tenant: Tenant, matter: StandingMatter, memberIds: string[]): Promise<(memberId: string) => Standing> {
  const fallback = standingByDefault(matter.category);
  if (memberIds.length === 0) return () => fallback;
  if (memberIds.length > planAnewFrom) await tx.execute(sql`set local plan_cache_mode = force_custom_plan`);
  const common = await organizationChoices(tx, tenant);
  const groups = await standingGroups(tx, tenant, matter, memberIds);
  const stopped = await stoppedMembers(tx, tenant, memberIds);
  const standings = new Map<string, Standing>();
  for (const group of groups) {
    const standing = standingOf(matter.category, common, group);
    const stoppedHere = new Map<string, Standing>();
    for (const memberId of group.member_ids.split(" ")) {
      const reason = stopped.get(memberId);
      if (!reason) standings.set(memberId, standing);
      else {
        const shared = stoppedHere.get(reason) ?? { ...standing, mailStopped: reason };
        stoppedHere.set(reason, shared);
        standings.set(memberId, shared);
      }
    }
  }
  return (memberId) => standings.get(memberId) ?? fallback;
}

async function organizationChoices(tx: Tx, tenant: Tenant): Promise<Chosen[]> {
  const rows = await tx
    .select()
    .from(preferences)
    .where(and(eq(preferences.organizationId, tenant.organizationId), isNull(preferences.memberId), isNull(preferences.workspaceId)));
  return rows.map(chosenOf);
}

/** Ids are joined to text: one long string is read far faster than as many rows or an array of them. */
function standingGroups(tx: Tx, tenant: Tenant, { category, workspaceId, thread }: StandingMatter, memberIds: string[]): Promise<StandingRow[]> {
  return tx.execute<StandingRow>(sql`
    with asked as materialized (
      select members.id, users.time_zone from members join users on users.id = members.user_id
      where members.organization_id = ${tenant.organizationId} and members.id = any(${sql.param(memberIds)}::text[])
    ),
    chosen as (
      select member_id, jsonb_agg(
        jsonb_build_object('level', case when workspace_id is null then 'mine' else 'workspace' end, 'channel', channel, 'value', value)
        order by channel, workspace_id nulls first) as cells
      from notification_preferences
      where organization_id = ${tenant.organizationId} and category = ${category} and member_id in (select id from asked)
        and (workspace_id is null or workspace_id = ${workspaceId}::text)
      group by member_id
    ),
    reachable as (
      select distinct member_id from devices
      where organization_id = ${tenant.organizationId} and ended_at is null and member_id in (select id from asked)
        and (workspace_id is null or ${workspaceId}::text is null or workspace_id = ${workspaceId}::text)
    )
    select asked.time_zone, reachable.member_id is not null as has_device, thread_mutes.recipient is not null as thread_muted, chosen.cells as chosen,
      ${scheduleFacts} as schedule, string_agg(asked.id, ' ') as member_ids
    from asked
    left join notification_schedules schedules on schedules.organization_id = ${tenant.organizationId} and schedules.member_id = asked.id
    left join thread_mutes on thread_mutes.organization_id = ${tenant.organizationId} and thread_mutes.thread = ${thread} and thread_mutes.recipient = asked.id
    left join chosen on chosen.member_id = asked.id
    left join reachable on reachable.member_id = asked.id
    group by 1, 2, 3, 4, 5`);
}

function standingOf(category: Category, common: Chosen[], row: Omit<StandingRow, "member_ids">): Standing {
  const own = (row.chosen ?? []).map((cell): Chosen => ({ ...cell, category }));
  return {
    ...standingByDefault(category),
    timeZone: row.time_zone,
    choices: effectiveChoices(category, [...common, ...own]),
    threadMuted: row.thread_muted,
    hasDevice: row.has_device,
    ...(row.schedule && {
      muted: row.schedule.muted,
      mutedUntil: row.schedule.muted_until === null ? null : new Date(row.schedule.muted_until),
      quietHours: row.schedule.quiet_hours,
      digestTime: row.schedule.digest_time,
      digestWeekday: row.schedule.digest_weekday,
    }),
  };
}

/** The same for several matters of the same members, e.g. all that is held for them; again a handful of statements. */
export async function standingsOf(tx: Tx, tenant: Tenant, memberIds: string[]): Promise<(memberId: string, matter: StandingMatter) => Standing> {
  if (memberIds.length === 0) return (_, { category }) => standingByDefault(category);
  if (memberIds.length > planAnewFrom) await tx.execute(sql`set local plan_cache_mode = force_custom_plan`);
  const common = await organizationChoices(tx, tenant);
  const rows = await tx.execute<EveryStandingRow>(sql`
    with asked as materialized (
      select members.id, users.time_zone from members join users on users.id = members.user_id
      where members.organization_id = ${tenant.organizationId} and members.id = any(${sql.param([...new Set(memberIds)])}::text[])
    ),
    chosen as (
      select member_id, jsonb_agg(jsonb_build_object('category', category, 'channel', channel, 'value', value, 'workspace', workspace_id)) as cells
      from notification_preferences where organization_id = ${tenant.organizationId} and member_id in (select id from asked) group by member_id
    ),
    silenced as (
      select recipient, array_agg(thread) as threads
      from thread_mutes where organization_id = ${tenant.organizationId} and recipient in (select id from asked) group by recipient
    ),
    reachable as (
      select member_id, array_agg(distinct coalesce(workspace_id, '')) as places
      from devices where organization_id = ${tenant.organizationId} and ended_at is null and member_id in (select id from asked) group by member_id
    )
    select asked.id, asked.time_zone, chosen.cells as chosen, silenced.threads, reachable.places, ${scheduleFacts} as schedule
    from asked
    left join notification_schedules schedules on schedules.organization_id = ${tenant.organizationId} and schedules.member_id = asked.id
    left join chosen on chosen.member_id = asked.id
    left join silenced on silenced.recipient = asked.id
    left join reachable on reachable.member_id = asked.id`);
  const stopped = await stoppedMembers(tx, tenant, memberIds);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return (memberId, { category, workspaceId, thread }) => {
    const row = byId.get(memberId);
    if (!row) return standingByDefault(category);
    const own = (row.chosen ?? []).filter((cell) => cell.category === category && (cell.workspace === null || cell.workspace === workspaceId));
    const standing = standingOf(category, common, {
      time_zone: row.time_zone,
      has_device: (row.places ?? []).some((place) => workspaceId === null || place === "" || place === workspaceId),
      thread_muted: row.threads?.includes(thread) ?? false,
      chosen: own.map(({ channel, value, workspace }) => ({ level: workspace === null ? "mine" : "workspace", channel, value })),
      schedule: row.schedule,
    });
    return { ...standing, mailStopped: stopped.get(memberId) ?? null };
  };
}

type EveryStandingRow = {
  id: string;
  time_zone: string;
  chosen: { category: Category; channel: PreferenceChannel; value: PreferenceValue; workspace: string | null }[] | null;
  threads: string[] | null;
  /** Workspaces that are active on a device, "" where all of the organization is. */
  places: string[] | null;
  schedule: StandingRow["schedule"];
};
