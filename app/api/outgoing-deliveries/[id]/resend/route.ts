import { route } from "@/lib/platform/route";
import { resendDelivery } from "@/lib/integrations/outgoing/again/commands";
import { outgoingDeliveryResourceOf } from "@/lib/integrations/outgoing/mappings";
import { outgoingDelivery, outgoingDeliveryUrl } from "@/lib/integrations/outgoing/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

/** No Idempotency-Key: while it is on its way it is not sent again. */
export const POST = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "endpoints:write");
  const { deliveryId } = await resendDelivery(member, id);
  const url = outgoingDeliveryUrl(deliveryId);
  return Response.json(outgoingDeliveryResourceOf(await outgoingDelivery(member, deliveryId), url), { status: 202, headers: { Location: url } });
});
