import { readJson, readQuery, route } from "@/lib/platform/route";
import { transition } from "@/lib/integrations/issues/acting/commands";
import { transitionInput, whichIssueInput } from "@/lib/integrations/issues/inputs";
import { connectionOfKey, issueOf } from "@/lib/integrations/issues/lookup/queries";
import { fullResourceOf } from "@/lib/integrations/issues/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ key: string }>(async (request, { key }) => {
  const member = await memberOfRequest(request, "issues:write");
  const connectionId = await connectionOfKey(member, key, readQuery(request, whichIssueInput).connection);
  await transition(member, connectionId, key, await readJson(request, transitionInput));
  const { issue, comments } = await issueOf(member, connectionId, key);
  return Response.json(fullResourceOf(connectionId, issue, comments));
});
