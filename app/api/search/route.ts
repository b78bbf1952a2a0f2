import { readQuery, route } from "@/lib/platform/route";
import { searchInput } from "@/lib/feed/search/inputs";
import { searchNews } from "@/lib/feed/search/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "articles:read", "comments:read");
  return Response.json(await searchNews(member, readQuery(request, searchInput)));
});
