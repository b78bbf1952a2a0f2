import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { mailOptOuts } from "../addresses/tables";
import type { Category, PreferenceValue } from "../inputs";
import { reconsiderHeld } from "../preferences/held/commands";
import { preferences, threadMutes } from "../preferences/tables";
import { deliveries, notifications } from "../tables";
import { setTopic } from "../topics/commands";
import { topicKindOf } from "../topics/rules";
import type { FormerChoice } from "./inputs";
import { mailChoices, readLeaveLink, readMuteLink, type Leaver } from "./queries";
import { choicesToLeave, generalValue, type LeaveScope, type MailChoice } from "./rules";

/**
 * Stops the mails that a link speaks for, at once: what waits to be sent is dropped, too. Doing it again changes nothing.
 * @returns what was chosen before, for whoever takes it back.
 * @throws Refused LINK_INVALID, LINK_EXPIRED.
 */
export async function leave(token: string): Promise<FormerChoice[]> {
  const { tenant, leaver, scope } = await readLeaveLink(token);
  return inTenant(tenant, async (tx) => {
    if (leaver.memberId !== null) return leaveAsMember(tx, tenant, leaver.memberId, scope);
    const left = categoriesOf(scope);
    await tx
      .insert(mailOptOuts)
      .values(left.map((category) => ({ organizationId: tenant.organizationId, address: leaver.address, category, createdAt: clock.now() })))
      .onConflictDoNothing();
    await dropWaiting(tx, tenant, leaver, left);
    return [];
  });
}

async function leaveAsMember(tx: Tx, tenant: Tenant, memberId: string, scope: LeaveScope): Promise<FormerChoice[]> {
  await holdChoices(tx, memberId);
  const { own, organization } = await mailChoices(tx, tenant, memberId);
  const wanted = choicesToLeave(scope, own, organization);
  await storeChoices(tx, tenant, memberId, wanted);
  await reconsiderHeld(tx, tenant, memberId);
  await dropWaiting(tx, tenant, { memberId }, [...new Set(wanted.filter(({ value }) => value === "off").map(({ category }) => category))]);
  return wanted.map(({ category, workspaceId }) => ({ category, workspaceId, value: own.find((one) => isCell(one, category, workspaceId))?.value ?? null }));
}

/**
 * Takes it back. What the page remembered is restored; without that, what applies to everybody, and where that is nothing, mail at once.
 * @throws Refused LINK_INVALID, LINK_EXPIRED.
 */
export async function returnTo(token: string, former: FormerChoice[]): Promise<void> {
  const { tenant, leaver, scope } = await readLeaveLink(token);
  await inTenant(tenant, async (tx) => {
    const { memberId } = leaver;
    if (memberId === null) {
      await tx
        .delete(mailOptOuts)
        .where(and(eq(mailOptOuts.organizationId, tenant.organizationId), eq(mailOptOuts.address, leaver.address), inArray(mailOptOuts.category, categoriesOf(scope))));
      return;
    }
    await holdChoices(tx, memberId);
    const { own, organization } = await mailChoices(tx, tenant, memberId);
    const cells = own.filter((choice) => ("digest" in scope ? wasIn(scope.digest, choice, former) : scope.categories.includes(choice.category) && choice.value === "off"));
    await forgetChoices(tx, tenant, memberId, cells);
    const remaining = own.filter((choice) => !cells.some(({ category, workspaceId }) => isCell(choice, category, workspaceId)));
    const restored = cells.flatMap(({ category, workspaceId }): MailChoice[] => {
      const value = former.find((one) => isCell(one, category, workspaceId))?.value;
      if (value && value !== "off") return [{ category, workspaceId, value }];
      return workspaceId === null && generalValue(category, remaining, organization) === "off" ? [{ category, workspaceId, value: "on" }] : [];
    });
    await storeChoices(tx, tenant, memberId, restored);
    await reconsiderHeld(tx, tenant, memberId);
  });
}

/** Silences or restores one thread for whoever the link was mailed to. @throws Refused LINK_INVALID, LINK_EXPIRED. */
export async function muteByLink(token: string, wish: "mute" | "unmute"): Promise<void> {
  const { tenant, leaver, thread } = await readMuteLink(token);
  const { organizationId } = tenant;
  // An article has members for readers, whose inbox is spared as well.
  if (leaver.memberId && topicKindOf(thread) !== null) return setTopic({ ...tenant, id: leaver.memberId }, thread, wish === "mute" ? "muted" : null);
  const recipient = leaver.memberId ?? leaver.address;
  await inTenant(tenant, async (tx) => {
    if (wish === "mute") await tx.insert(threadMutes).values({ organizationId, recipient, thread, createdAt: clock.now() }).onConflictDoNothing();
    else await tx.delete(threadMutes).where(and(eq(threadMutes.organizationId, organizationId), eq(threadMutes.recipient, recipient), eq(threadMutes.thread, thread)));
  });
}

/** A digest is nothing that somebody without an account could have. */
const categoriesOf = (scope: LeaveScope): Category[] => ("categories" in scope ? scope.categories : []);

const isCell = (choice: Pick<MailChoice, "category" | "workspaceId">, category: Category, workspaceId: string | null) =>
  choice.category === category && choice.workspaceId === workspaceId;

/** Leaving a digest changes what was gathered in it, and nothing else is taken back: what the page remembers travels through the browser. */
const wasIn = (digest: PreferenceValue, choice: MailChoice, former: FormerChoice[]) =>
  former.some((one) => isCell(choice, one.category, one.workspaceId) && (one.value === null || one.value === digest));

/** Two clicks at once must not each remember the other's result as what was before. */
const holdChoices = (tx: Tx, memberId: string) => tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`preferences:${memberId}`}, 0))`);

async function storeChoices(tx: Tx, tenant: Tenant, memberId: string, choices: MailChoice[]): Promise<void> {
  if (choices.length === 0) return;
  await tx
    .insert(preferences)
    .values(choices.map((choice) => ({ ...choice, organizationId: tenant.organizationId, memberId, channel: "email", updatedAt: clock.now() })))
    .onConflictDoUpdate({
      target: [preferences.organizationId, preferences.memberId, preferences.workspaceId, preferences.category, preferences.channel],
      set: { value: sql`excluded.value`, updatedAt: sql`excluded.updated_at` },
    });
}

async function forgetChoices(tx: Tx, tenant: Tenant, memberId: string, cells: Pick<MailChoice, "category" | "workspaceId">[]): Promise<void> {
  if (cells.length === 0) return;
  const wanted = cells.map(({ category, workspaceId }) =>
    and(eq(preferences.category, category), workspaceId === null ? isNull(preferences.workspaceId) : eq(preferences.workspaceId, workspaceId)),
  );
  await tx
    .delete(preferences)
    .where(and(eq(preferences.organizationId, tenant.organizationId), eq(preferences.memberId, memberId), eq(preferences.channel, "email"), or(...wanted)));
}

/**
 * Mails that were decided but not yet written. One that was is on its way, perhaps in one call with others; what is held is decided anew
 * when its time comes, so that taking it back loses nothing of it. What gathers several is dropped when nothing in it is wanted.
 */
async function dropWaiting(tx: Tx, tenant: Tenant, leaver: Pick<Leaver, "memberId"> & { address?: string }, left: Category[]): Promise<void> {
  if (left.length === 0) return;
  await tx.execute(sql`
    update ${deliveries} set state = 'skipped', reason = 'off', settled_at = ${clock.now().toISOString()}::timestamptz
    from ${notifications}
    where ${deliveries.organizationId} = ${tenant.organizationId}
      and ${leaver.memberId === null ? sql`deliveries.member_id is null and deliveries.recipient = ${leaver.address ?? ""}` : sql`deliveries.member_id = ${leaver.memberId}`}
      and ${deliveries.channel} = 'email' and ${deliveries.state} = 'pending' and ${deliveries.message} is null
      and ${notifications.id} = ${deliveries.notificationId} and ${inArray(notifications.category, left)}
      and not exists (
        select 1 from deliveries folded join notifications item on item.id = folded.notification_id
        where folded.state = 'merged' and folded.reason = deliveries.id and not item.category = any(${sql.param(left)}::text[]))`);
}
