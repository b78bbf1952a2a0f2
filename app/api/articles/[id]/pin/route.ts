import { readJson, route, versioned } from "@/lib/platform/route";
import { setPinned } from "@/lib/feed/articles/commands";
import { pinInput } from "@/lib/feed/articles/inputs";
import { articleResourceOf } from "@/lib/feed/articles/mappings";
import { articleUrl, openArticle } from "@/lib/feed/articles/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const PUT = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  await setPinned(member, id, await readJson(request, pinInput));
  return versioned(articleResourceOf(await openArticle(member, id), articleUrl(id)));
});
