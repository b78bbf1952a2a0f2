import { route } from "@/lib/platform/route";
import { notificationRowOf } from "@/lib/notifications/inbox/mappings";
import { threadRows } from "@/lib/notifications/inbox/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "notifications:read");
  const { rows, more } = await threadRows(member, id);
  return Response.json({ notifications: rows.map(notificationRowOf), more });
});
