import { readQuery, route } from "@/lib/platform/route";
import { listDeliveriesInput } from "@/lib/integrations/outgoing/inputs";
import { outgoingDeliveryResourceOf } from "@/lib/integrations/outgoing/mappings";
import { deliveriesTo, outgoingDeliveryUrl } from "@/lib/integrations/outgoing/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const GET = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "endpoints:read");
  const { deliveries, nextCursor } = await deliveriesTo(member, id, readQuery(request, listDeliveriesInput));
  return Response.json({ deliveries: deliveries.map((delivery) => outgoingDeliveryResourceOf(delivery, outgoingDeliveryUrl(delivery.id))), nextCursor });
});
