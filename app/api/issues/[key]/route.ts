import { readQuery, route } from "@/lib/platform/route";
import { whichIssueInput } from "@/lib/integrations/issues/inputs";
import { connectionOfKey, issueOf } from "@/lib/integrations/issues/lookup/queries";
import { fullResourceOf } from "@/lib/integrations/issues/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ key: string }>(async (request, { key }) => {
  const member = await memberOfRequest(request, "issues:read");
  const connectionId = await connectionOfKey(member, key, readQuery(request, whichIssueInput).connection);
  const { issue, comments } = await issueOf(member, connectionId, key);
  return Response.json(fullResourceOf(connectionId, issue, comments));
});
