import { and, eq, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { members, workspaces } from "@/lib/organizations/tables";
import type { ArticleFacts } from "../../events";
import { feeds } from "../../feeds/tables";
import { media } from "../../media/tables";
import { articlePlaces, articles } from "../tables";

/** What events say of an article, as it is within this transaction. */
export async function articleFactsOf(tx: Tx, tenant: Tenant, articleId: string): Promise<ArticleFacts> {
  const [row] = await tx
    .select({
      id: articles.id,
      title: articles.title,
      excerpt: articles.excerpt,
      version: articles.version,
      authorId: articles.authorId,
      author: { name: users.name, email: users.email },
      feed: { id: feeds.id, name: feeds.name },
      workspace: { id: workspaces.id, name: workspaces.name },
      workspaceIds: sql<string[]>`array(select ${articlePlaces.workspaceId} from ${articlePlaces} where ${articlePlaces.articleId} = ${articles.id} order by 1)`,
      cover: { mediaId: media.id, alt: media.alt },
    })
    .from(articles)
    .innerJoin(members, eq(members.id, articles.authorId))
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(feeds, eq(feeds.id, articles.feedId))
    .innerJoin(workspaces, eq(workspaces.id, feeds.workspaceId))
    .leftJoin(media, eq(media.id, articles.coverId))
    .where(and(eq(articles.organizationId, tenant.organizationId), eq(articles.id, articleId)));
  if (!row) throw new Error(`no article ${articleId}`);
  const { author, ...facts } = row;
  return { ...facts, authorName: displayName(author) };
}
