import { ifMatch, readJson, route, versioned } from "@/lib/platform/route";
import { changeEndpoint, deleteEndpoint } from "@/lib/integrations/outgoing/endpoints/commands";
import { changeEndpointInput } from "@/lib/integrations/outgoing/endpoints/inputs";
import { endpointOf } from "@/lib/integrations/outgoing/endpoints/queries";
import { endpointResourceOf } from "@/lib/integrations/outgoing/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

export const GET = route<Params>(async (request, { id }) => versioned(endpointResourceOf(await endpointOf(await memberOfRequest(request, "endpoints:read"), id))));

export const PATCH = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "endpoints:write");
  const input = await readJson(request, changeEndpointInput);
  await changeEndpoint(member, id, input, { ifVersion: ifMatch(request) });
  return versioned(endpointResourceOf(await endpointOf(member, id)));
});

export const DELETE = route<Params>(async (request, { id }) => {
  await deleteEndpoint(await memberOfRequest(request, "endpoints:write"), id);
  return new Response(null, { status: 204 });
});
