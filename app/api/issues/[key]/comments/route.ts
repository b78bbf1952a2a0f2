import { idempotencyKey, readJson, readQuery, route } from "@/lib/platform/route";
import { commentOn } from "@/lib/integrations/issues/acting/commands";
import { commentInput, whichIssueInput } from "@/lib/integrations/issues/inputs";
import { connectionOfKey } from "@/lib/integrations/issues/lookup/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ key: string }>(async (request, { key }) => {
  const member = await memberOfRequest(request, "issues:write");
  const connectionId = await connectionOfKey(member, key, readQuery(request, whichIssueInput).connection);
  const { commentId } = await commentOn(member, connectionId, key, await readJson(request, commentInput), { idempotencyKey: idempotencyKey(request) });
  return Response.json({ id: commentId }, { status: 201 });
});
