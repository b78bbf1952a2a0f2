import { and, asc, eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { isInWorkspace, workspaceAt, type WorkspaceHere } from "../access/queries";
import { mayPublish } from "../policy";
import type { FeedView } from "./mappings";
import { feeds } from "./tables";

export type FeedRow = typeof feeds.$inferSelect;

/** The feeds of a workspace in their order, archived ones last. @throws Refused NOT_FOUND when the member is not in the workspace. */
export function feedsOf(member: Member, workspaceId: string): Promise<FeedView[]> {
  return inTenant(member, async (tx) => {
    await refuseOutsider(tx, member, workspaceId);
    return feedsIn(tx, member, workspaceId);
  });
}

/** The same by the workspace's address. @throws Refused NOT_FOUND. */
export function feedsAt(member: Member, slug: string): Promise<{ workspace: WorkspaceHere; feeds: FeedView[] }> {
  return inTenant(member, async (tx) => {
    const workspace = await workspaceAt(tx, member, slug);
    return { workspace, feeds: await feedsIn(tx, member, workspace.id) };
  });
}

/** One feed, in a workspace that the member is in. @throws Refused NOT_FOUND. */
export function feedAt(member: Member, feedId: string): Promise<FeedView> {
  return inTenant(member, async (tx) => feedViewOf(member, await feedHere(tx, member, feedId)));
}

/** For callers that have proven that the member is in the workspace. */
export async function feedsIn(tx: Tx, member: Member, workspaceId: string): Promise<FeedView[]> {
  await firstFeed(tx, member, workspaceId);
  const rows = await tx
    .select()
    .from(feeds)
    .where(and(eq(feeds.organizationId, member.organizationId), eq(feeds.workspaceId, workspaceId)))
    .orderBy(sql`${feeds.archivedAt} is not null`, asc(feeds.position), asc(feeds.id));
  return rows.map((row) => feedViewOf(member, row));
}

/**
 * A workspace's first feed, made when it is first asked for. Of two that ask at once, one makes it and the other finds it: the unique
 * key decides.
 */
export async function firstFeed(tx: Tx, tenant: Tenant, workspaceId: string): Promise<FeedRow> {
  const found = await findFirst(tx, tenant, workspaceId);
  if (found) return found;
  await tx
    .insert(feeds)
    .values({ organizationId: tenant.organizationId, workspaceId, slug: "news", first: true, createdAt: clock.now() })
    .onConflictDoNothing();
  const made = await findFirst(tx, tenant, workspaceId);
  if (!made) throw new Error(`workspace ${workspaceId} has no first feed`);
  return made;
}

async function findFirst(tx: Tx, tenant: Tenant, workspaceId: string): Promise<FeedRow | undefined> {
  const [row] = await tx
    .select()
    .from(feeds)
    .where(and(eq(feeds.organizationId, tenant.organizationId), eq(feeds.workspaceId, workspaceId), eq(feeds.first, true)));
  return row;
}

/** A feed in a workspace that the member is in. @throws Refused NOT_FOUND. */
export async function feedHere(tx: Tx, member: Member, feedId: string, lock?: "share" | "update"): Promise<FeedRow> {
  if (!isId("feed", feedId)) throw new Refused("NOT_FOUND");
  const asked = tx
    .select()
    .from(feeds)
    .where(and(eq(feeds.organizationId, member.organizationId), eq(feeds.id, feedId), isInWorkspace(member, sql`${feeds.workspaceId}`)));
  const [row] = await (lock ? asked.for(lock) : asked);
  if (!row) throw new Refused("NOT_FOUND");
  return row;
}

/** @throws Refused NOT_FOUND. */
export async function refuseOutsider(tx: Tx, member: Member, workspaceId: string): Promise<void> {
  const [row] = await tx.execute<{ inside: boolean }>(sql`select ${isInWorkspace(member, sql`${workspaceId}`)} as inside`);
  if (!row?.inside) throw new Refused("NOT_FOUND");
}

const feedViewOf = (member: Member, row: FeedRow): FeedView => ({
  id: row.id,
  workspaceId: row.workspaceId,
  name: row.name,
  slug: row.slug,
  first: row.first,
  posting: row.posting,
  archived: row.archivedAt !== null,
  mayPublish: mayPublish(member, row),
});
