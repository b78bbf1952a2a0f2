import { idempotencyKey, readJson, readQuery, route, versioned } from "@/lib/platform/route";
import { createArticle } from "@/lib/feed/articles/commands";
import { createArticleInput } from "@/lib/feed/articles/inputs";
import { listArticlesInput, type ListArticlesInput } from "@/lib/feed/articles/listing/inputs";
import { streamPage } from "@/lib/feed/articles/listing/queries";
import { articleResourceOf, draftLineOf, lineOf, shelvedLineOf, type ArticleLine } from "@/lib/feed/articles/mappings";
import { archivedArticles, articleUrl, openArticle, scheduledArticles } from "@/lib/feed/articles/queries";
import { myDrafts } from "@/lib/feed/drafts/queries";
import { memberOfRequest, type Member } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "articles:read");
  return Response.json(await listed(member, readQuery(request, listArticlesInput)));
});

async function listed(member: Member, { state, ...asked }: ListArticlesInput): Promise<{ articles: ArticleLine[]; nextCursor: string | null }> {
  if (state === "published") {
    const { articles, nextCursor } = await streamPage(member, asked);
    return { articles: articles.map((glance) => lineOf(glance, articleUrl(glance.id))), nextCursor };
  }
  if (state === "draft") {
    const drafts = await myDrafts(member, asked.workspace);
    return { articles: drafts.map((glance) => draftLineOf(glance, member, articleUrl(glance.articleId))), nextCursor: null };
  }
  const shelved = await (state === "archived" ? archivedArticles : scheduledArticles)(member, asked.workspace);
  return { articles: shelved.map((glance) => shelvedLineOf(glance, articleUrl(glance.id))), nextCursor: null };
}

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "articles:write");
  const input = await readJson(request, createArticleInput);
  const { articleId } = await createArticle(member, input, { idempotencyKey: idempotencyKey(request) });
  return versioned(articleResourceOf(await openArticle(member, articleId), articleUrl(articleId)), 201);
});
