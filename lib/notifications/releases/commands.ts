import { inArray, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { newId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import type { BundleType } from "../catalog";
import { inBatches, type DeliveryBatch } from "../fan-out/rules";
import { standingsOf } from "../preferences/standings/queries";
import { deliveries, notifications } from "../tables";
import { takeDue } from "./queries";
import { release, type Bundle, type Release } from "./rules";

/**
 * Lets go what was held for these members and is due: everything is decided anew as they stand now, and what is left leaves as itself
 * or folded into one bundle. One transaction, so that an item is either still held or is carried by exactly one message.
 * Safe to run at any time, twice, and from several processes.
 * @returns what is to be delivered now.
 */
export async function releaseHeld(tenant: Tenant, memberIds: string[]): Promise<DeliveryBatch[]> {
  return inTenant(tenant, async (tx) => {
    const mine = await oneReleaseAtATime(tx, memberIds);
    const items = mine.length > 0 ? await takeDue(tx, tenant, mine) : [];
    if (items.length === 0) return [];
    const standingOf = await standingsOf(tx, tenant, mine);
    const outcome = release(items, (item) => standingOf(item.memberId, item), clock.now());
    await drop(tx, outcome.dropped);
    await holdOn(tx, outcome.heldOn);
    await letGo(tx, outcome.alone);
    const bundleIds = await gather(tx, tenant, outcome.bundles);
    log.info("released", { members: mine.length, ...countsOf(outcome) });
    return dueBatches(tx, [...outcome.alone, ...bundleIds]);
  });
}

const countsOf = ({ dropped, heldOn, alone, bundles }: Release) => ({ dropped: dropped.length, heldOn: heldOn.length, alone: alone.length, bundles: bundles.length });

/** Two releases of one member at once would each see a part of what is due, and make two bundles of one. */
async function oneReleaseAtATime(tx: Tx, memberIds: string[]): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select id from unnest(${textArray([...new Set(memberIds)].sort())}) as asked (id) where pg_try_advisory_xact_lock(hashtextextended('release:' || id, 0))`);
  return rows.map(({ id }) => id);
}

async function drop(tx: Tx, dropped: Release["dropped"]): Promise<void> {
  if (dropped.length === 0) return;
  await tx.execute(sql`
    update deliveries set state = 'skipped', reason = dropped.why, settled_at = ${clock.now().toISOString()}::timestamptz
    from unnest(${textArray(dropped.map(({ id }) => id))}, ${textArray(dropped.map(({ why }) => why))}) as dropped (id, why)
    where deliveries.id = dropped.id`);
}

async function holdOn(tx: Tx, heldOn: Release["heldOn"]): Promise<void> {
  if (heldOn.length === 0) return;
  await tx.execute(sql`
    update deliveries set hold = longer.hold, deliver_after = longer.until::timestamptz
    from unnest(${textArray(heldOn.map(({ id }) => id))}, ${textArray(heldOn.map(({ hold }) => hold))}, ${textArray(heldOn.map(({ until }) => until.toISOString()))})
      as longer (id, hold, until)
    where deliveries.id = longer.id`);
}

/** `hold` stays: it says what it waited for. */
async function letGo(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.update(deliveries).set({ state: "pending", deliverAfter: clock.now() }).where(inArray(deliveries.id, ids));
}

/** @returns the ids of the deliveries that carry the bundles. */
async function gather(tx: Tx, tenant: Tenant, bundles: Bundle[]): Promise<string[]> {
  if (bundles.length === 0) return [];
  const now = clock.now();
  const made = bundles.map((bundle) => ({ ...bundle, first: bundle.items[0], id: newId("delivery"), notificationId: newId("notification") }));
  await tx.insert(notifications).values(
    made.map(({ notificationId, kind, first, items }) => ({
      id: notificationId,
      organizationId: tenant.organizationId,
      // An item is folded once, so its id is the bundle's own as well: a second bundle of the same items would break the unique key.
      eventId: `bundle:${first.memberId}:${first.channel}:${kind}:${first.id}`,
      type: `bundle.${kind}` satisfies BundleType,
      category: first.category,
      // Each bundle is its own matter: it is no reply to the one before it, and none replaces another.
      subjectId: notificationId,
      thread: notificationId,
      payload: { count: items.length, from: items.reduce((least, { occurredAt }) => (occurredAt < least ? occurredAt : least), now).toISOString() },
      occurredAt: now,
      expiresAt: lastExpiry(items),
    })),
  );
  await tx.insert(deliveries).values(
    made.map(({ id, notificationId, first }) => ({
      id,
      organizationId: tenant.organizationId,
      notificationId,
      channel: first.channel,
      recipient: first.recipient,
      memberId: first.memberId,
      deviceId: first.channel === "push" ? first.recipient : null,
      deliverAfter: now,
      createdAt: now,
    })),
  );
  const folded = made.flatMap(({ id, items }) => items.map((item) => ({ id: item.id, into: id })));
  // What an item had overtaken before it was folded is covered by the bundle as well.
  await tx.execute(sql`
    with folded as (select * from unnest(${textArray(folded.map(({ id }) => id))}, ${textArray(folded.map(({ into }) => into))}) as folded (id, into_id)),
    inherited as (
      update deliveries set reason = folded.into_id from folded where deliveries.state = 'merged' and deliveries.reason = folded.id
    )
    update deliveries set state = 'merged', reason = folded.into_id, settled_at = ${now.toISOString()}::timestamptz
    from folded where deliveries.id = folded.id`);
  return made.map(({ id }) => id);
}

/** A bundle is over when everything in it is. */
function lastExpiry(items: Bundle["items"]): Date | null {
  const ends = items.map(({ expiresAt }) => expiresAt);
  return ends.reduce((last, end) => (last === null || end === null ? null : end > last ? end : last));
}

async function dueBatches(tx: Tx, ids: string[]): Promise<DeliveryBatch[]> {
  if (ids.length === 0) return [];
  const rows = await tx.select({ id: deliveries.id, channel: deliveries.channel, deliverAfter: deliveries.deliverAfter }).from(deliveries).where(inArray(deliveries.id, ids));
  return inBatches(rows.sort((a, b) => (a.id < b.id ? -1 : 1)));
}
