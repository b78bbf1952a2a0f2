import { route } from "@/lib/platform/route";
import { glanceOf } from "@/lib/meetings/mappings";
import { dashboard } from "@/lib/meetings/queries";
import { inboxCount } from "@/lib/notifications/inbox/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

/** What a member needs at a glance: coming meetings, invitations that wait for an answer, unread notifications. */
export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "dashboard:read");
  const [{ upcoming, awaiting }, { unread }] = await Promise.all([dashboard(member), inboxCount(member)]);
  return Response.json({ upcoming: upcoming.map(glanceOf), awaitingAnswer: awaiting.map(glanceOf), unreadNotifications: unread });
});
