import { route } from "@/lib/platform/route";
import { meetingDetails } from "@/lib/meetings/queries";
import { sendAgain } from "@/lib/notifications/dead-letters/commands";
import { memberOfRequest } from "@/lib/organizations/actor";

/**
 * Sends one failed message of a meeting again; for its organizer. A browser without scripts posts a plain form here and goes back to
 * the meeting.
 */
export const POST = route<{ id: string; delivery: string }>(async (request, { id, delivery }) => {
  const member = await memberOfRequest(request, "meetings:write");
  const { meeting } = await meetingDetails(member, id);
  await sendAgain(member, delivery, async (subjectId) => subjectId === meeting.id && meeting.organizerId === member.id);
  if (!request.headers.get("accept")?.includes("text/html")) return new Response(null, { status: 202 });
  return new Response(null, { status: 303, headers: { Location: `/${member.organizationSlug}/meetings/${id}#sent` } });
});
