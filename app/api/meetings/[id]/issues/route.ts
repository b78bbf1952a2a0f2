import { route } from "@/lib/platform/route";
import { issueResourceOf } from "@/lib/meetings/issues/mappings";
import { issuesOfMeeting } from "@/lib/meetings/issues/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "meetings:read");
  return Response.json({ issues: (await issuesOfMeeting(member, id)).map(issueResourceOf) });
});
