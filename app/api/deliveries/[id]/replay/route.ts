import { route } from "@/lib/platform/route";
import { replayDelivery } from "@/lib/notifications/dead-letters/commands";
import { memberOfRequest } from "@/lib/organizations/actor";

/** Sends one dead letter again, for admins. */
export const POST = route<{ id: string }>(async (request, { id }) => {
  await replayDelivery(await memberOfRequest(request, "deliveries:write"), id);
  return new Response(null, { status: 202 });
});
