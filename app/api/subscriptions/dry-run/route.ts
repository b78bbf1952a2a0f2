import { readJson, route } from "@/lib/platform/route";
import { dryRunResourceOf } from "@/lib/integrations/subscriptions/dry-run/mappings";
import { dryRun } from "@/lib/integrations/subscriptions/dry-run/queries";
import { dryRunInput } from "@/lib/integrations/subscriptions/inputs";
import { memberOfRequest } from "@/lib/organizations/actor";

/** Changes nothing; a wish is too long for an address. */
export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "subscriptions:read");
  return Response.json(dryRunResourceOf(await dryRun(member, await readJson(request, dryRunInput))));
});
