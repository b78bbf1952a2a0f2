import { sql } from "drizzle-orm";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { stoppedMembers } from "../../addresses/queries";
import type { Category, PreferenceChannel, PreferenceValue } from "../../inputs";
import type { QuietHours } from "../../quiet-hours/rules";
import type { Standing } from "../../rules";
import { organizationChoices } from "../queries";
import { effectiveChoices, standingByDefault, type Chosen } from "../rules";

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

/** Only while we read: what is written next checks its foreign keys row by row, with plans that are better kept. */
async function planAnew(tx: Tx, anew: boolean): Promise<void> {
  await tx.execute(anew ? sql`set local plan_cache_mode = force_custom_plan` : sql`set local plan_cache_mode = auto`);
}

/**
 * Where each of these members stands towards one notification. A handful of statements whatever their number, and the database groups
 * them: members for whom the same is true share one object, so that whoever decides need decide once an object.
 */
export async function standingsFor(tx: Tx, tenant: Tenant, matter: StandingMatter, memberIds: string[]): Promise<(memberId: string) => Standing> {
  const fallback = standingByDefault(matter.category);
  if (memberIds.length === 0) return () => fallback;
  const many = memberIds.length > planAnewFrom;
  if (many) await planAnew(tx, true);
  const common = await organizationChoices(tx, tenant);
  const groups = await standingGroups(tx, tenant, matter, memberIds);
  const stopped = await stoppedMembers(tx, tenant, memberIds);
  if (many) await planAnew(tx, false);
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
  const many = memberIds.length > planAnewFrom;
  if (many) await planAnew(tx, true);
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
  if (many) await planAnew(tx, false);
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
