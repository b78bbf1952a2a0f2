import { readQuery, route } from "@/lib/platform/route";
import { searchWebhooksInput } from "@/lib/integrations/ingest/inputs";
import { webhookLineOf } from "@/lib/integrations/ingest/mappings";
import { logOf } from "@/lib/integrations/ingest/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "integrations:read");
  const { webhooks, nextCursor } = await logOf(member, id, readQuery(request, searchWebhooksInput));
  return Response.json({ webhooks: webhooks.map(webhookLineOf), nextCursor });
});
