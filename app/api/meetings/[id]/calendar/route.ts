import { route } from "@/lib/platform/route";
import { meetingCalendar } from "@/lib/meetings/mails/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

/** The meeting as a file that any calendar imports. */
export const GET = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "meetings:read");
  return new Response(await meetingCalendar(member, id), {
    headers: { "Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": `attachment; filename="meeting.ics"` },
  });
});
