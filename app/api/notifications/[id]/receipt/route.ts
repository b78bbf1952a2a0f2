import { route } from "@/lib/platform/route";
import { receiptResourceOf } from "@/lib/notifications/receipts/mappings";
import { receiptOf } from "@/lib/notifications/receipts/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "notifications:read");
  return Response.json(receiptResourceOf(await receiptOf(member, id)));
});
