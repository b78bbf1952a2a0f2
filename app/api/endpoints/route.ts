import { idempotencyKey, readJson, route, versioned } from "@/lib/platform/route";
import { createEndpoint } from "@/lib/integrations/outgoing/endpoints/commands";
import { createEndpointInput } from "@/lib/integrations/outgoing/endpoints/inputs";
import { endpointOf, endpointsOf } from "@/lib/integrations/outgoing/endpoints/queries";
import { endpointResourceOf } from "@/lib/integrations/outgoing/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "endpoints:read");
  return Response.json({ endpoints: (await endpointsOf(member)).map(endpointResourceOf) });
});

export const POST = route(async (request) => {
  const member = await memberOfRequest(request, "endpoints:write");
  const input = await readJson(request, createEndpointInput);
  const { endpointId } = await createEndpoint(member, input, { idempotencyKey: idempotencyKey(request) });
  const response = versioned(endpointResourceOf(await endpointOf(member, endpointId)), 201);
  response.headers.set("Location", `/api/endpoints/${endpointId}`);
  return response;
});
