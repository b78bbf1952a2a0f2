import { readJson, route } from "@/lib/platform/route";
import { replayWebhooks } from "@/lib/integrations/ingest/commands";
import { replayWebhooksInput } from "@/lib/integrations/ingest/inputs";
import { memberOfRequest } from "@/lib/organizations/actor";

/** Lets them go through again; whoever had them already does not get them twice. */
export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "integrations:write");
  return Response.json({ replayed: await replayWebhooks(member, id, await readJson(request, replayWebhooksInput)) }, { status: 202 });
});
