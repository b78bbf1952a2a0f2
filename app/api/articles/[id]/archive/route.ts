import { route, versioned } from "@/lib/platform/route";
import { archiveArticle } from "@/lib/feed/articles/commands";
import { articleResourceOf } from "@/lib/feed/articles/mappings";
import { articleUrl, openArticle } from "@/lib/feed/articles/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  await archiveArticle(member, id);
  return versioned(articleResourceOf(await openArticle(member, id), articleUrl(id)));
});
