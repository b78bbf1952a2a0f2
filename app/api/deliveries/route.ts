import { readQuery, route } from "@/lib/platform/route";
import { searchDeliveriesInput } from "@/lib/notifications/console/inputs";
import { deliveryResourceOf } from "@/lib/notifications/console/mappings";
import { searchDeliveries } from "@/lib/notifications/console/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "deliveries:read");
  const { deliveries, nextCursor } = await searchDeliveries(member, readQuery(request, searchDeliveriesInput));
  return Response.json({ deliveries: deliveries.map(deliveryResourceOf), nextCursor });
});
