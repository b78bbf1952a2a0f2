import { readQuery, route } from "@/lib/platform/route";
import { suggestionsQuery } from "@/lib/integrations/subscriptions/inputs";
import { suggestionsFor } from "@/lib/integrations/subscriptions/suggestions/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "subscriptions:read");
  const { connection } = readQuery(request, suggestionsQuery);
  return Response.json(await suggestionsFor(member, connection));
});
