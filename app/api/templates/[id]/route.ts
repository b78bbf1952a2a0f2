import { ifMatch, readJson, route, versioned } from "@/lib/platform/route";
import { archiveTemplate, changeTemplate } from "@/lib/notifications/custom-templates/commands";
import { templateInput } from "@/lib/notifications/custom-templates/inputs";
import { templateResourceOf } from "@/lib/notifications/custom-templates/mappings";
import { templateDetails, templateUrl } from "@/lib/notifications/custom-templates/queries";
import { memberOfRequest, type Member } from "@/lib/organizations/actor";

type Params = { id: string };

const shown = async (member: Member, id: string) => {
  const template = await templateDetails(member, id);
  return versioned(templateResourceOf(template, templateUrl(template.id)));
};

/** By id or key. */
export const GET = route<Params>(async (request, { id }) => shown(await memberOfRequest(request, "templates:read"), id));

export const PUT = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "templates:write");
  const input = await readJson(request, templateInput);
  const { id: templateId } = await templateDetails(member, id);
  await changeTemplate(member, templateId, input, { ifVersion: ifMatch(request) });
  return shown(member, templateId);
});

/** Archives it: what was published with it still names it. */
export const DELETE = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "templates:write");
  await archiveTemplate(member, (await templateDetails(member, id)).id);
  return new Response(null, { status: 204 });
});
