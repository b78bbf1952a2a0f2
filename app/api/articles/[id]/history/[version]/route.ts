import { route } from "@/lib/platform/route";
import { articleVersion } from "@/lib/feed/articles/history/queries";
import { versionResourceOf } from "@/lib/feed/articles/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ id: string; version: string }>(async (request, { id, version }) => {
  const member = await memberOfRequest(request, "articles:read");
  return Response.json(versionResourceOf(await articleVersion(member, id, Number(version))));
});
