import { route } from "@/lib/platform/route";
import { restoreFeed } from "@/lib/feed/feeds/commands";
import { feedAt } from "@/lib/feed/feeds/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  await restoreFeed(member, id);
  return Response.json(await feedAt(member, id));
});
