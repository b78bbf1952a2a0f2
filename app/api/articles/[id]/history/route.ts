import { route } from "@/lib/platform/route";
import { articleHistory } from "@/lib/feed/articles/history/queries";
import { versionLineOf } from "@/lib/feed/articles/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:read");
  return Response.json({ versions: (await articleHistory(member, id)).map(versionLineOf) });
});
