import { and, eq, sql } from "drizzle-orm";
import { users } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused } from "@/lib/platform/errors";
import { audit } from "@/lib/organizations/audit";
import type { Member } from "@/lib/organizations/actor";
import { notifications } from "../tables";
import { setTopic } from "../topics/commands";
import { topicKindOf } from "../topics/rules";
import { oneChangeAtATime, reconsiderHeld } from "./held/commands";
import { scheduleInput, type CellInput, type MuteChoice, type ScheduleInput } from "./inputs";
import { maySetOrganizationDefaults } from "./policy";
import { requireWorkspace } from "./queries";
import { isCritical, muteOf } from "./rules";
import { schedules, threadMutes } from "./tables";

/**
 * Changes choices, the schedule, or both at once. What is held for the member is decided anew in the same transaction.
 * @throws Refused NOT_FOUND for a workspace they are not in.
 */
export async function changePreferences(member: Member, change: { cells?: CellInput[]; schedule?: ScheduleInput }, workspaceId: string | null): Promise<void> {
  const { cells = [], schedule } = change;
  await inTenant(member, async (tx) => {
    await oneChangeAtATime(tx, member.id);
    if (workspaceId !== null) await requireWorkspace(tx, member, workspaceId);
    await writeCells(tx, { organizationId: member.organizationId, memberId: member.id, workspaceId }, cells);
    if (schedule) await writeSchedule(tx, member, schedule);
    await reconsiderHeld(tx, member, member.id);
  });
}

/** A value of null takes the choice back. @throws Refused NOT_FOUND for a workspace they are not in. */
export const setPreferences = (member: Member, cells: CellInput[], workspaceId: string | null = null) => changePreferences(member, { cells }, workspaceId);

/** What is not sent stays as it is; a time zone is that of the member's profile. */
export const setSchedule = (member: Member, schedule: ScheduleInput) => changePreferences(member, { schedule }, null);

export const mute = (member: Member, choice: MuteChoice) => {
  const { muted, mutedUntil } = muteOf(choice, member.timeZone, clock.now());
  return setSchedule(member, { muted, mutedUntil: mutedUntil?.toISOString() ?? null });
};

/**
 * What holds for everybody who has chosen nothing. What is held already is decided by it when its time comes.
 * @throws Refused FORBIDDEN unless they may.
 */
export async function setOrganizationDefaults(member: Member, cells: CellInput[]): Promise<void> {
  if (!maySetOrganizationDefaults(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    await oneChangeAtATime(tx, member.organizationId);
    const changed = await writeCells(tx, { organizationId: member.organizationId, memberId: null, workspaceId: null }, cells);
    await audit(
      tx,
      member,
      changed.map(({ category, channel, value }) => ({
        action: "notifications.default-changed" as const,
        subject: category,
        detail: { channel, value: value ?? "default" },
      })),
    );
  });
}

/**
 * No mail and no push about this any more; its inbox line stays. An article is muted as the topic it is: nothing but mentions of it.
 * @throws Refused NOT_FOUND when nobody here was told anything of such a thread.
 */
export async function muteThread(member: Member, thread: string): Promise<void> {
  if (topicKindOf(thread) !== null) return setTopic(member, thread, "muted");
  await inTenant(member, async (tx) => {
    const [known] = await tx
      .select({ id: notifications.id })
      .from(notifications)
      .where(and(eq(notifications.organizationId, member.organizationId), eq(notifications.thread, thread)))
      .limit(1);
    if (!known) throw new Refused("NOT_FOUND");
    await tx.insert(threadMutes).values({ organizationId: member.organizationId, recipient: member.id, thread, createdAt: clock.now() }).onConflictDoNothing();
  });
}

/** What is held of it goes out after all, when its time comes. */
export async function unmuteThread(member: Member, thread: string): Promise<void> {
  if (topicKindOf(thread) !== null) return setTopic(member, thread, null);
  await inTenant(member, (tx) =>
    tx
      .delete(threadMutes)
      .where(and(eq(threadMutes.organizationId, member.organizationId), eq(threadMutes.recipient, member.id), eq(threadMutes.thread, thread))),
  );
}

interface Level {
  organizationId: string;
  memberId: string | null;
  workspaceId: string | null;
}

/** @returns the cells that are now different. */
async function writeCells(tx: Tx, level: Level, cells: CellInput[]): Promise<CellInput[]> {
  const open = cells.filter(({ category }) => !isCritical(category));
  const kept = open.filter(({ value }) => value !== null);
  const dropped = open.filter(({ value }) => value === null);
  const changed: { category: string; channel: string }[] = [];
  if (kept.length > 0) {
    changed.push(
      ...(await tx.execute<{ category: string; channel: string }>(sql`
        insert into notification_preferences as stored (organization_id, member_id, workspace_id, category, channel, value, updated_at)
        select ${level.organizationId}, ${level.memberId}::text, ${level.workspaceId}::text, given.category, given.channel, given.value, ${clock.now().toISOString()}::timestamptz
        from unnest(${textArray(kept.map(({ category }) => category))}, ${textArray(kept.map(({ channel }) => channel))}, ${textArray(kept.map(({ value }) => value ?? ""))})
          as given (category, channel, value)
        on conflict (organization_id, member_id, workspace_id, category, channel) do update set value = excluded.value, updated_at = excluded.updated_at
          where stored.value <> excluded.value
        returning stored.category, stored.channel`)),
    );
  }
  if (dropped.length > 0) {
    changed.push(
      ...(await tx.execute<{ category: string; channel: string }>(sql`
        delete from notification_preferences as stored
        using unnest(${textArray(dropped.map(({ category }) => category))}, ${textArray(dropped.map(({ channel }) => channel))}) as given (category, channel)
        where stored.organization_id = ${level.organizationId} and stored.member_id is not distinct from ${level.memberId}::text
          and stored.workspace_id is not distinct from ${level.workspaceId}::text
          and stored.category = given.category and stored.channel = given.channel
        returning stored.category, stored.channel`)),
    );
  }
  return open.filter(({ category, channel }) => changed.some((one) => one.category === category && one.channel === channel));
}

async function writeSchedule(tx: Tx, member: Member, input: ScheduleInput): Promise<void> {
  const { timeZone, mutedUntil, quietHours, ...rest } = scheduleInput.parse(input);
  if (timeZone !== undefined) await tx.update(users).set({ timeZone }).where(eq(users.id, member.userId));
  const given = {
    ...rest,
    ...(mutedUntil !== undefined && { mutedUntil: mutedUntil === null ? null : new Date(mutedUntil) }),
    ...(quietHours !== undefined && { quietHours: quietHours && Object.values(quietHours).some(Boolean) ? quietHours : null }),
    updatedAt: clock.now(),
  };
  await tx
    .insert(schedules)
    .values({ organizationId: member.organizationId, memberId: member.id, ...given })
    .onConflictDoUpdate({ target: [schedules.organizationId, schedules.memberId], set: given });
}
