import { idempotencyKey, readJson, readQuery, route, versioned } from "@/lib/platform/route";
import { createTemplate } from "@/lib/notifications/custom-templates/commands";
import { listTemplatesInput, templateInput } from "@/lib/notifications/custom-templates/inputs";
import { templateResourceOf } from "@/lib/notifications/custom-templates/mappings";
import { listTemplates, templateDetails, templateUrl } from "@/lib/notifications/custom-templates/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "templates:read");
  const templates = await listTemplates(member, readQuery(request, listTemplatesInput));
  return Response.json({ templates: templates.map((template) => templateResourceOf(template, templateUrl(template.id))) });
});

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "templates:write");
  const input = await readJson(request, templateInput);
  const { templateId } = await createTemplate(member, input, { idempotencyKey: idempotencyKey(request) });
  return versioned(templateResourceOf(await templateDetails(member, templateId), templateUrl(templateId)), 201);
});
