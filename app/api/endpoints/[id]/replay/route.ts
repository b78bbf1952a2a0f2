import { idempotencyKey, readJson, route } from "@/lib/platform/route";
import { replayRange } from "@/lib/integrations/outgoing/again/commands";
import { replayRangeInput } from "@/lib/integrations/outgoing/inputs";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const POST = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "endpoints:write");
  const input = await readJson(request, replayRangeInput);
  return Response.json(await replayRange(member, id, input, { idempotencyKey: idempotencyKey(request) }), { status: 202 });
});
