import { readJsonOr, route } from "@/lib/platform/route";
import { previewInput } from "@/lib/notifications/custom-templates/inputs";
import { previewResourceOf } from "@/lib/notifications/custom-templates/mappings";
import { previewTemplate, templateDetails } from "@/lib/notifications/custom-templates/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "templates:read");
  const { variables } = await readJsonOr(request, previewInput, { variables: {} });
  return Response.json(previewResourceOf(await previewTemplate(member, await templateDetails(member, id), variables)));
});
