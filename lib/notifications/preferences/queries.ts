import { and, eq, isNull, sql } from "drizzle-orm";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { stoppedMembers } from "../addresses/queries";
import type { Category, PreferenceChannel, PreferenceValue } from "../inputs";
import type { Standing } from "../rules";
import type { QuietHours } from "../quiet-hours/rules";
import { effectiveChoices, standingByDefault, type Chosen } from "./rules";
import { preferences } from "./tables";

/** What a standing depends on besides the person. */
export interface StandingMatter {
  category: Category;
  workspaceId: string | null;
  thread: string;
}

interface StandingRow extends Record<string, unknown> {
  time_zone: string;
  has_device: boolean;
  thread_muted: boolean;
  /** The person's own choices of this category, with the level that each belongs to. */
  chosen: { level: "mine" | "workspace"; channel: PreferenceChannel; value: PreferenceValue }[] | null;
  schedule: { muted: boolean; muted_until: string | null; quiet_hours: QuietHours | null; digest_time: string; digest_weekday: number } | null;
  member_ids: string;
}

/**
 * Where each of these members stands towards one notification. A handful of statements whatever their number, and the database groups
 * them: members for whom the same is true share one object, so that whoever decides need decide once an object.
 */
export async function standingsFor(tx: Tx, tenant: Tenant, matter: StandingMatter, memberIds: string[]): Promise<(memberId: string) => Standing> {
  const fallback = standingByDefault(matter.category);
  if (memberIds.length === 0) return () => fallback;
  const common = await organizationChoices(tx, tenant, matter.category);
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

async function organizationChoices(tx: Tx, tenant: Tenant, category: Category): Promise<Chosen[]> {
  const rows = await tx
    .select({ channel: preferences.channel, value: preferences.value })
    .from(preferences)
    .where(
      and(
        eq(preferences.organizationId, tenant.organizationId),
        isNull(preferences.memberId),
        isNull(preferences.workspaceId),
        eq(preferences.category, category),
      ),
    );
  // Only `inputs.ts` lets channels and values in.
  return rows.map(({ channel, value }) => ({ level: "organization", category, channel: channel as PreferenceChannel, value: value as PreferenceValue }));
}

/** Ids are joined to text: one long string is read far faster than as many rows or an array of them. */
function standingGroups(tx: Tx, tenant: Tenant, { category, workspaceId, thread }: StandingMatter, memberIds: string[]): Promise<StandingRow[]> {
  return tx.execute<StandingRow>(sql`
    with asked as materialized (select distinct id from unnest(${sql.param(memberIds)}::text[]) as given (id)),
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
    select users.time_zone, reachable.member_id is not null as has_device, thread_mutes.recipient is not null as thread_muted, chosen.cells as chosen,
      case when schedules.member_id is not null then jsonb_build_object(
        'muted', schedules.muted, 'muted_until', schedules.muted_until, 'quiet_hours', schedules.quiet_hours,
        'digest_time', schedules.digest_time, 'digest_weekday', schedules.digest_weekday) end as schedule,
      string_agg(members.id, ' ') as member_ids
    from asked
    join members on members.id = asked.id and members.organization_id = ${tenant.organizationId}
    join users on users.id = members.user_id
    left join notification_schedules schedules on schedules.organization_id = members.organization_id and schedules.member_id = members.id
    left join thread_mutes on thread_mutes.organization_id = members.organization_id and thread_mutes.thread = ${thread} and thread_mutes.recipient = members.id
    left join chosen on chosen.member_id = members.id
    left join reachable on reachable.member_id = members.id
    group by 1, 2, 3, 4, 5`);
}

function standingOf(category: Category, common: Chosen[], row: StandingRow): Standing {
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
