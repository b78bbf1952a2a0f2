import { readJson, readQuery, route } from "@/lib/platform/route";
import { changePreferences } from "@/lib/notifications/preferences/commands";
import { preferencesQuery, putPreferencesInput } from "@/lib/notifications/preferences/inputs";
import { preferencesResourceOf } from "@/lib/notifications/preferences/mappings";
import { preferenceGrid, schedule } from "@/lib/notifications/preferences/queries";
import { memberOfRequest, type Member } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "preferences:read");
  return shown(member, readQuery(request, preferencesQuery).workspace ?? null);
});

/** What is not sent stays as it is, so repeating it changes nothing. */
export const PUT = route(async (request) => {
  const member = await memberOfRequest(request, "preferences:write");
  const workspace = readQuery(request, preferencesQuery).workspace ?? null;
  await changePreferences(member, await readJson(request, putPreferencesInput), workspace);
  return shown(member, workspace);
});

async function shown(member: Member, workspace: string | null): Promise<Response> {
  return Response.json(preferencesResourceOf(workspace, await preferenceGrid(member, workspace), await schedule(member)));
}
