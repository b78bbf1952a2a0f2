import { readJson, route, versioned } from "@/lib/platform/route";
import { respond } from "@/lib/meetings/answers/commands";
import { respondInput } from "@/lib/meetings/inputs";
import { resourceOf } from "@/lib/meetings/mappings";
import { meetingDetails, meetingUrl } from "@/lib/meetings/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "meetings:write");
  await respond(member, id, await readJson(request, respondInput));
  return versioned(resourceOf(await meetingDetails(member, id), meetingUrl(id)));
});
