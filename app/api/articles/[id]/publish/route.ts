import { ifMatch, readJsonOr, route, versioned } from "@/lib/platform/route";
import { publishDraft } from "@/lib/feed/articles/commands";
import { publishNowInput } from "@/lib/feed/articles/inputs";
import { articleResourceOf } from "@/lib/feed/articles/mappings";
import { articleUrl, openArticle } from "@/lib/feed/articles/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  const input = await readJsonOr(request, publishNowInput, publishNowInput.parse({}));
  await publishDraft(member, id, input, { ifVersion: ifMatch(request) });
  return versioned(articleResourceOf(await openArticle(member, id), articleUrl(id)));
});
