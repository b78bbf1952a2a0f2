import { readJsonOr, route } from "@/lib/platform/route";
import { sendTest } from "@/lib/notifications/custom-templates/commands";
import { testInput } from "@/lib/notifications/custom-templates/inputs";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "templates:write");
  return Response.json(await sendTest(member, id, await readJsonOr(request, testInput, { variables: {}, channel: "email" })));
});
