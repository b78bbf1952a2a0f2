import { idempotencyKey, route } from "@/lib/platform/route";
import { sendTest } from "@/lib/integrations/outgoing/again/commands";
import { outgoingDeliveryResourceOf } from "@/lib/integrations/outgoing/mappings";
import { outgoingDelivery, outgoingDeliveryUrl } from "@/lib/integrations/outgoing/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const POST = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "endpoints:write");
  const { deliveryId } = await sendTest(member, id, { idempotencyKey: idempotencyKey(request) });
  const url = outgoingDeliveryUrl(deliveryId);
  return Response.json(outgoingDeliveryResourceOf(await outgoingDelivery(member, deliveryId), url), { status: 202, headers: { Location: url } });
});
