import { route } from "@/lib/platform/route";
import { remind } from "@/lib/feed/must-reads/commands";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "articles:write");
  return Response.json(await remind(member, id), { status: 202 });
});
