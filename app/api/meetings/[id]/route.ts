import { ifMatch, readJson, route, versioned } from "@/lib/platform/route";
import { cancelMeeting, changeMeeting } from "@/lib/meetings/commands";
import { changeMeetingInput } from "@/lib/meetings/inputs";
import { resourceOf } from "@/lib/meetings/mappings";
import { meetingDetails, meetingUrl } from "@/lib/meetings/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const GET = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "meetings:read");
  return versioned(resourceOf(await meetingDetails(member, id), meetingUrl(id)));
});

export const PATCH = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "meetings:write");
  await changeMeeting(member, id, await readJson(request, changeMeetingInput), { ifVersion: ifMatch(request) });
  return versioned(resourceOf(await meetingDetails(member, id), meetingUrl(id)));
});

/** Cancels without a reason; `POST …/cancel` takes one. */
export const DELETE = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "meetings:write");
  await cancelMeeting(member, id, {}, { ifVersion: ifMatch(request) });
  return new Response(null, { status: 204 });
});
