import { route } from "@/lib/platform/route";
import { unreadByWorkspace } from "@/lib/feed/reading/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "articles:read");
  return Response.json({ workspaces: await unreadByWorkspace(member) });
});
