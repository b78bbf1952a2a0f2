import { and, asc, eq, sql } from "drizzle-orm";
import type { Tx } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { feeds } from "../../feeds/tables";
import { articlePlaces } from "../tables";

/** A workspace in which an article may be read. */
export interface Place {
  workspaceId: string;
  name: string;
  slug: string;
  feedId: string;
  pinned: boolean;
  /** Where it was written. */
  home: boolean;
}

/** Where an article stands, as far as the member may know: in their own workspaces, the one it was written in first. */
export async function placesOf(tx: Tx, member: Member, article: { id: string; feedId: string }): Promise<Place[]> {
  const home = sql<boolean>`${articlePlaces.workspaceId} = (select ${feeds.workspaceId} from ${feeds} where ${feeds.id} = ${article.feedId})`;
  return tx
    .select({
      workspaceId: articlePlaces.workspaceId,
      name: workspaces.name,
      slug: workspaces.slug,
      feedId: articlePlaces.feedId,
      pinned: sql<boolean>`${articlePlaces.pinnedAt} is not null`,
      home,
    })
    .from(articlePlaces)
    .innerJoin(workspaces, eq(workspaces.id, articlePlaces.workspaceId))
    .innerJoin(workspaceMembers, and(eq(workspaceMembers.workspaceId, articlePlaces.workspaceId), eq(workspaceMembers.memberId, member.id)))
    .where(and(eq(articlePlaces.organizationId, member.organizationId), eq(articlePlaces.articleId, article.id)))
    .orderBy(sql`${home} desc`, asc(workspaces.id));
}

/** Every workspace it may be read in, for those who are called or told. */
export async function workspaceIdsOf(tx: Tx, articleId: string): Promise<string[]> {
  const rows = await tx.select({ id: articlePlaces.workspaceId }).from(articlePlaces).where(eq(articlePlaces.articleId, articleId)).orderBy(asc(articlePlaces.workspaceId));
  return rows.map(({ id }) => id);
}
