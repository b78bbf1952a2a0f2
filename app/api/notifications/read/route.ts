import { after } from "next/server";
import { readJson, route } from "@/lib/platform/route";
import { announceInbox, markRead } from "@/lib/notifications/inbox/commands";
import { readNotificationsInput } from "@/lib/notifications/inbox/inputs";
import { markedStateOf } from "@/lib/notifications/inbox/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "notifications:write");
  const marked = await markRead(member, await readJson(request, readNotificationsInput));
  after(() => announceInbox(member, marked));
  return Response.json(markedStateOf(marked));
});
