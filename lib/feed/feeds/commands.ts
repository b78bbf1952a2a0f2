import { and, eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused, refusedField } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { newId } from "@/lib/platform/ids";
import { freeSlug, slugOf } from "@/lib/platform/slug";
import type { Member } from "@/lib/organizations/actor";
import { audit, type AuditAction } from "@/lib/organizations/audit";
import { mayManageFeeds } from "../policy";
import { feedsMax } from "./bounds/inputs";
import type { ChangeFeedInput, CreateFeedInput, OrderFeedsInput } from "./inputs";
import { feedHere, firstFeed, refuseOutsider, type FeedRow } from "./queries";
import { feeds } from "./tables";

/** A further feed, after the others. @throws Refused NOT_FOUND (not in the workspace), FORBIDDEN, INVALID (too many), IDEMPOTENCY_MISMATCH. */
export function createFeed(member: Member, input: CreateFeedInput, options: { idempotencyKey?: string } = {}): Promise<{ feedId: string }> {
  return inTenant(member, async (tx) => {
    await refuseOutsider(tx, member, input.workspaceId);
    if (!mayManageFeeds(member)) throw new Refused("FORBIDDEN");
    const id = newId("feed");
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "create-feed", input }, id);
      if (!claim.fresh) return { feedId: claim.resultId };
    }
    // Whoever changes the feeds of a workspace waits for the others at its first one, so that two do not take one address or place.
    const present = await lockFeeds(tx, member, input.workspaceId);
    if (present.length >= feedsMax) throw refusedField("name", "too-many", "A workspace has at most 50 feeds.");
    await tx.insert(feeds).values({
      id,
      organizationId: member.organizationId,
      workspaceId: input.workspaceId,
      name: input.name,
      slug: freeSlug(slugOf(input.name, "feed"), new Set(present.map(({ slug }) => slug))),
      posting: input.posting,
      position: Math.max(...present.map(({ position }) => position)) + 1,
      createdAt: clock.now(),
    });
    await audit(tx, member, [{ action: "feed.created", subject: input.name, detail: { posting: input.posting } }]);
    return { feedId: id };
  });
}

/**
 * Renames it, or says who may publish in it. Its address stays: links to it outlive its name. The first keeps the name that it has in
 * every language.
 * @throws Refused NOT_FOUND, FORBIDDEN, INVALID.
 */
export function changeFeed(member: Member, feedId: string, input: ChangeFeedInput): Promise<void> {
  return managing(member, feedId, async (tx, before) => {
    if (before.first && input.name !== undefined) throw refusedField("name", "first-feed", "The first feed keeps its name.");
    const after = { name: input.name ?? before.name, posting: input.posting ?? before.posting };
    if (after.name === before.name && after.posting === before.posting) return;
    await tx.update(feeds).set(after).where(eq(feeds.id, before.id));
    await audited(tx, member, "feed.changed", { ...before, ...after }, { posting: after.posting, ...(before.name !== after.name && { previousName: before.name }) });
  });
}

/** Nothing is published in it any more; what stands in it stays readable. @throws Refused NOT_FOUND, FORBIDDEN, INVALID (the first). */
export function archiveFeed(member: Member, feedId: string): Promise<void> {
  return managing(member, feedId, async (tx, feed) => {
    if (feed.first) throw refusedField("feedId", "first-feed", "The first feed of a workspace cannot be archived.");
    if (feed.archivedAt) return;
    await tx.update(feeds).set({ archivedAt: clock.now() }).where(eq(feeds.id, feed.id));
    await audited(tx, member, "feed.archived", feed);
  });
}

/** @throws Refused NOT_FOUND, FORBIDDEN. */
export function restoreFeed(member: Member, feedId: string): Promise<void> {
  return managing(member, feedId, async (tx, feed) => {
    if (!feed.archivedAt) return;
    await tx.update(feeds).set({ archivedAt: null }).where(eq(feeds.id, feed.id));
    await audited(tx, member, "feed.restored", feed);
  });
}

/** Puts the named feeds of a workspace in this order; the first stays first, and what is not named follows as it was. @throws Refused NOT_FOUND, FORBIDDEN. */
export function orderFeeds(member: Member, workspaceId: string, input: OrderFeedsInput): Promise<void> {
  return inTenant(member, async (tx) => {
    await refuseOutsider(tx, member, workspaceId);
    if (!mayManageFeeds(member)) throw new Refused("FORBIDDEN");
    const present = await lockFeeds(tx, member, workspaceId);
    const rank = (feed: FeedRow) => (feed.first ? -1 : input.feedIds.includes(feed.id) ? input.feedIds.indexOf(feed.id) : input.feedIds.length + feed.position);
    const ordered = [...present].sort((one, other) => rank(one) - rank(other));
    await tx.execute(sql`
      update ${feeds} set position = wanted.position - 1
      from unnest(${textArray(ordered.map(({ id }) => id))}) with ordinality as wanted (id, position)
      where ${feeds.id} = wanted.id and ${feeds.position} <> wanted.position - 1`);
  });
}

function managing(member: Member, feedId: string, work: (tx: Tx, feed: FeedRow) => Promise<void>): Promise<void> {
  return inTenant(member, async (tx) => {
    const feed = await feedHere(tx, member, feedId, "update");
    if (!mayManageFeeds(member)) throw new Refused("FORBIDDEN");
    await work(tx, feed);
  });
}

async function lockFeeds(tx: Tx, member: Member, workspaceId: string): Promise<FeedRow[]> {
  const first = await firstFeed(tx, member, workspaceId);
  await tx.select({ id: feeds.id }).from(feeds).where(eq(feeds.id, first.id)).for("update");
  return tx.select().from(feeds).where(and(eq(feeds.organizationId, member.organizationId), eq(feeds.workspaceId, workspaceId)));
}

const audited = (tx: Tx, member: Member, action: AuditAction, feed: Pick<FeedRow, "name" | "slug">, detail: Record<string, unknown> = {}) =>
  audit(tx, member, [{ action, subject: feed.name ?? feed.slug, detail }]);
