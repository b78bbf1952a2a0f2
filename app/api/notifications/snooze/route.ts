import { after } from "next/server";
import { readJson, route } from "@/lib/platform/route";
import { announceInbox } from "@/lib/notifications/inbox/commands";
import { snoozeNotificationsInput } from "@/lib/notifications/inbox/inputs";
import { snoozedStateOf } from "@/lib/notifications/inbox/mappings";
import { snooze } from "@/lib/notifications/inbox/snoozes/commands";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "notifications:write");
  const snoozed = await snooze(member, await readJson(request, snoozeNotificationsInput));
  after(() => announceInbox(member, snoozed));
  return Response.json(snoozedStateOf(snoozed));
});
