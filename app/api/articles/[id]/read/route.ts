import { route } from "@/lib/platform/route";
import { noteRead } from "@/lib/feed/reading/commands";
import { unreadByWorkspace } from "@/lib/feed/reading/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

/** Answers with what is unread by now, so that a page need not ask for it. */
export const PUT = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  await noteRead(member, id);
  return Response.json({ workspaces: await unreadByWorkspace(member) });
});
