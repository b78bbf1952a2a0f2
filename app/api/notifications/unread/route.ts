import { after } from "next/server";
import { readJson, route } from "@/lib/platform/route";
import { announceInbox, markUnread } from "@/lib/notifications/inbox/commands";
import { unreadNotificationsInput } from "@/lib/notifications/inbox/inputs";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "notifications:write");
  const count = await markUnread(member, await readJson(request, unreadNotificationsInput));
  after(() => announceInbox(member, count));
  return Response.json(count);
});
