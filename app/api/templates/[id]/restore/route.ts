import { route, versioned } from "@/lib/platform/route";
import { archiveTemplate } from "@/lib/notifications/custom-templates/commands";
import { templateResourceOf } from "@/lib/notifications/custom-templates/mappings";
import { templateDetails, templateUrl } from "@/lib/notifications/custom-templates/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const POST = route<{ id: string }>(async (request, { id }) => {
  const member = await memberOfRequest(request, "templates:write");
  await archiveTemplate(member, (await templateDetails(member, id)).id, false);
  const template = await templateDetails(member, id);
  return versioned(templateResourceOf(template, templateUrl(template.id)));
});
