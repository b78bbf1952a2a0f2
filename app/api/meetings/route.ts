import { idempotencyKey, readJson, readQuery, route, versioned } from "@/lib/platform/route";
import { scheduleMeeting } from "@/lib/meetings/commands";
import { listMeetingsInput, scheduleMeetingInput } from "@/lib/meetings/inputs";
import { resourceOf } from "@/lib/meetings/mappings";
import { listMeetings, meetingDetails, meetingUrl } from "@/lib/meetings/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "meetings:read");
  const { meetings, nextCursor } = await listMeetings(member, readQuery(request, listMeetingsInput));
  return Response.json({ meetings: meetings.map((found) => resourceOf(found, meetingUrl(found.meeting.id))), nextCursor });
});

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "meetings:write");
  const input = await readJson(request, scheduleMeetingInput);
  const { meetingId } = await scheduleMeeting(member, input, { idempotencyKey: idempotencyKey(request) });
  return versioned(resourceOf(await meetingDetails(member, meetingId), meetingUrl(meetingId)), 201);
});
