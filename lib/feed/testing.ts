import { asc, eq, sql } from "drizzle-orm";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { parseInput } from "@/lib/platform/validation";
import { memberById, type Member } from "@/lib/organizations/actor";
import { workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { createArticle } from "./articles/commands";
import { createArticleInput } from "./articles/inputs";
import { feedsOf } from "./feeds/queries";

/** Shorthands of this domain's tests, made of its real commands. */
export async function firstFeedOf(member: Member, workspaceId: string): Promise<string> {
  const feed = (await feedsOf(member, workspaceId)).find(({ first }) => first);
  if (!feed) throw new Error("a workspace without news");
  return feed.id;
}

/** An article with one paragraph, published at once unless `more` says otherwise. */
export async function publishNews(author: Member, workspaceId: string, title = "News", more: Record<string, unknown> = {}): Promise<string> {
  const words = "document" in more ? {} : { text: `${title}, in so many words.` };
  const input = parseInput(createArticleInput, { title, ...words, feedId: await firstFeedOf(author, workspaceId), ...more });
  return (await createArticle(author, input)).articleId;
}

/** A further workspace of an organization, with these people in it. */
export async function workspaceWith(name: string, people: Member[]): Promise<{ workspaceId: string; slug: string }> {
  const [first] = people;
  if (!first) throw new Error("a workspace needs somebody");
  const slug = name.toLowerCase();
  return asSystem("demo", async (tx) => {
    const [made] = await tx.insert(workspaces).values({ organizationId: first.organizationId, name, slug }).returning({ id: workspaces.id });
    if (!made) throw new Error("no workspace");
    await tx.insert(workspaceMembers).values(people.map(({ id }) => ({ organizationId: first.organizationId, workspaceId: made.id, memberId: id })));
    return { workspaceId: made.id, slug };
  });
}

/** What the outbox holds about an article, oldest first. */
export async function eventsOf(articleId: string): Promise<{ name: string; payload: Record<string, unknown> }[]> {
  return asSystem("demo", (tx) =>
    tx
      .select({ name: outboxEvents.name, payload: outboxEvents.payload })
      .from(outboxEvents)
      .where(sql`${outboxEvents.payload} -> 'article' ->> 'id' = ${articleId} or ${outboxEvents.payload} ->> 'articleId' = ${articleId}`)
      .orderBy(asc(outboxEvents.id)),
  );
}

export async function again(member: Member): Promise<Member> {
  const found = await memberById(systemTenant(member.organizationId), member.id);
  if (!found) throw new Error(`no member ${member.id}`);
  return found;
}

export const slugOfWorkspace = async (workspaceId: string): Promise<string> =>
  asSystem("demo", async (tx) => {
    const [row] = await tx.select({ slug: workspaces.slug }).from(workspaces).where(eq(workspaces.id, workspaceId));
    if (!row) throw new Error(`no workspace ${workspaceId}`);
    return row.slug;
  });
