import { readQuery, route } from "@/lib/platform/route";
import { listNotificationsInput } from "@/lib/notifications/inbox/inputs";
import { notificationResourceOf } from "@/lib/notifications/inbox/mappings";
import { inboxPage } from "@/lib/notifications/inbox/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "notifications:read");
  const { items, nextCursor, count, seen } = await inboxPage(member, readQuery(request, listNotificationsInput));
  return Response.json({ notifications: items.map(notificationResourceOf), nextCursor, seen, ...count });
});
