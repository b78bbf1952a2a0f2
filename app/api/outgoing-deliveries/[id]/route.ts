import { route } from "@/lib/platform/route";
import { outgoingDeliveryDetailsOf } from "@/lib/integrations/outgoing/mappings";
import { outgoingDelivery, outgoingDeliveryUrl } from "@/lib/integrations/outgoing/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const GET = route<Params>(async (request, { id }) => {
  const delivery = await outgoingDelivery(await memberOfRequest(request, "endpoints:read"), id);
  return Response.json(outgoingDeliveryDetailsOf(delivery, outgoingDeliveryUrl(delivery.id)));
});
