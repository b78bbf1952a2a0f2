import { readQuery, route } from "@/lib/platform/route";
import { newerThan } from "@/lib/feed/articles/listing/queries";
import { newerInput } from "@/lib/feed/reading/inputs";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "articles:read");
  const { count } = await newerThan(member, readQuery(request, newerInput));
  return Response.json({ count });
});
