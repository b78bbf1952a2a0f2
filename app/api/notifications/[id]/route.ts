import { route } from "@/lib/platform/route";
import { publicationResourceOf } from "@/lib/notifications/publications/mappings";
import { publicationProgress, publicationUrl } from "@/lib/notifications/publications/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "notifications:publish");
  return Response.json(publicationResourceOf(await publicationProgress(member, id), publicationUrl(id)));
});
