import { readQuery, route } from "@/lib/platform/route";
import { planInput } from "@/lib/meetings/planning/inputs";
import { planTime } from "@/lib/meetings/planning/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

/** What a time would mean for everybody, while a meeting is being planned. Never says with what somebody is busy. */
export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "meetings:read");
  return Response.json(await planTime(member, readQuery(request, planInput)));
});
