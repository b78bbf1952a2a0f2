import { sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { append } from "@/lib/platform/outbox/outbox";
import { heldChanged } from "../../events";
import type { Category } from "../../inputs";
import { digestIsOver, reconsider, type Held } from "../../rules";
import { standingsOf } from "../standings/queries";

type HeldRow = {
  id: string;
  channel: Held["channel"];
  hold: Held["hold"];
  deliver_after: string;
  category: Category;
  workspace_id: string | null;
  thread: string;
  expires_at: string | null;
  created_at: string;
};

/** Two changes of one person take turns, so that what is held is decided by both. */
export async function oneChangeAtATime(tx: Tx, whose: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`preferences:${whose}`}, 0))`);
}

/** For changes that were made elsewhere, such as the time zone of a profile. */
export const reconsiderHeldOf = (tenant: Tenant, memberId: string): Promise<void> =>
  inTenant(tenant, async (tx) => {
    await oneChangeAtATime(tx, memberId);
    await reconsiderHeld(tx, tenant, memberId);
  });

/**
 * Decides anew about what is held for a member after they have chosen differently: it waits for another instant, or goes now, which an
 * event says, so that nobody waits for the next sweep. What they no longer want stays where it is and is left out when its time comes,
 * so that a choice that is taken back loses nothing. What is due already is being released by somebody else and left alone.
 */
export async function reconsiderHeld(tx: Tx, tenant: Tenant, memberId: string): Promise<void> {
  const now = clock.now();
  const rows = await tx.execute<HeldRow>(sql`
    select deliveries.id, deliveries.channel, deliveries.hold, deliveries.deliver_after, deliveries.created_at,
      notifications.category, notifications.workspace_id, notifications.thread, notifications.expires_at
    from deliveries
    join notifications on notifications.id = deliveries.notification_id
    where deliveries.member_id = ${memberId} and deliveries.state = 'held' and deliveries.deliver_after > ${now.toISOString()}::timestamptz
    order by deliveries.id
    for update of deliveries skip locked`);
  if (rows.length === 0) return;
  const standingOf = await standingsOf(tx, tenant, [memberId]);
  const moved = rows.flatMap((row) => {
    const deliverAfter = new Date(row.deliver_after);
    const matter = {
      category: row.category,
      channels: [row.channel],
      expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    };
    const standing = standingOf(memberId, { category: row.category, workspaceId: row.workspace_id, thread: row.thread });
    // One that quiet hours or a mute keep back past its hour comes with their end, and must not be put off to the next one.
    const due = digestIsOver(row.hold, new Date(row.created_at), standing, now) ? now : deliverAfter;
    const outcome = reconsider(matter, standing, { channel: row.channel, hold: row.hold, deliverAfter: due }, now);
    if (outcome.verdict === "skip") return [];
    const next = outcome.verdict === "release" ? { hold: row.hold, until: now } : outcome;
    return next.hold === row.hold && next.until.getTime() === deliverAfter.getTime() ? [] : [{ id: row.id, ...next }];
  });
  if (moved.length === 0) return;
  await tx.execute(sql`
    update deliveries set hold = moved.hold, deliver_after = moved.until::timestamptz
    from unnest(
      ${textArray(moved.map(({ id }) => id))}, ${textArray(moved.map(({ hold }) => hold))}, ${textArray(moved.map(({ until }) => until.toISOString()))}
    ) as moved (id, hold, until)
    where deliveries.id = moved.id and deliveries.state = 'held'`);
  if (moved.some(({ until }) => until <= now)) await append(tx, tenant, heldChanged, { memberId });
}
