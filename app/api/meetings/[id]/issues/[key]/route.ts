import { route } from "@/lib/platform/route";
import { parseInput } from "@/lib/platform/validation";
import { addIssue, removeIssue } from "@/lib/meetings/issues/commands";
import { meetingIssueInput } from "@/lib/meetings/issues/inputs";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string; key: string };

/** Says that the meeting is about the issue; twice is as good as once. */
export const PUT = route<Params>(async (request, { id, key }) => {
  const member = await memberOfRequest(request, "meetings:write");
  await addIssue(member, id, parseInput(meetingIssueInput, { issue: key }));
  return new Response(null, { status: 204 });
});

export const DELETE = route<Params>(async (request, { id, key }) => {
  const member = await memberOfRequest(request, "meetings:write");
  await removeIssue(member, id, parseInput(meetingIssueInput, { issue: key }));
  return new Response(null, { status: 204 });
});
