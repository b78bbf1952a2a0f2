import { idempotencyKey, readJson, route } from "@/lib/platform/route";
import { replaySubscriptionInput } from "@/lib/integrations/subscriptions/inputs";
import { replaySubscription } from "@/lib/integrations/subscriptions/replay/commands";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "subscriptions:write");
  const range = await readJson(request, replaySubscriptionInput);
  return Response.json({ replayed: await replaySubscription(member, id, range, { idempotencyKey: idempotencyKey(request) }) }, { status: 202 });
});
