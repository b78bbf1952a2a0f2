import { ifMatch, readJsonOr, route, versioned } from "@/lib/platform/route";
import { cancelMeeting } from "@/lib/meetings/commands";
import { cancelMeetingInput } from "@/lib/meetings/inputs";
import { resourceOf } from "@/lib/meetings/mappings";
import { meetingDetails, meetingUrl } from "@/lib/meetings/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "meetings:write");
  await cancelMeeting(member, id, await readJsonOr(request, cancelMeetingInput, {}), { ifVersion: ifMatch(request) });
  return versioned(resourceOf(await meetingDetails(member, id), meetingUrl(id)));
});
