import { ifMatch, readJson, route, versioned } from "@/lib/platform/route";
import { changeArticle, deleteArticle } from "@/lib/feed/articles/commands";
import { changeArticleInput } from "@/lib/feed/articles/inputs";
import { articleResourceOf } from "@/lib/feed/articles/mappings";
import { articleUrl, openArticle } from "@/lib/feed/articles/queries";
import { memberOfRequest, type Member } from "@/lib/organizations/actor";

type Params = { id: string };

const shown = async (member: Member, id: string) => versioned(articleResourceOf(await openArticle(member, id), articleUrl(id)));

export const GET = route<Params>(async (request, { id }) => shown(await memberOfRequest(request, "articles:read"), id));

export const PATCH = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  await changeArticle(member, id, await readJson(request, changeArticleInput), { ifVersion: ifMatch(request) });
  return shown(member, id);
});

export const DELETE = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  await deleteArticle(member, id, { ifVersion: ifMatch(request) });
  return new Response(null, { status: 204 });
});
