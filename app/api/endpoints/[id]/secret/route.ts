import { route } from "@/lib/platform/route";
import { rotateEndpointSecret } from "@/lib/integrations/outgoing/endpoints/commands";
import { endpointSecret } from "@/lib/integrations/outgoing/endpoints/queries";
import { secretResourceOf } from "@/lib/integrations/outgoing/mappings";
import { memberOfRequest } from "@/lib/organizations/actor";

type Params = { id: string };

/** Needs the right to write: whoever holds the secret can speak in our name. */
export const GET = route<Params>(async (request, { id }) => Response.json(secretResourceOf(await endpointSecret(await memberOfRequest(request, "endpoints:write"), id))));

/** Rotates it. Doing so again ends nothing early: every secret signs for its day. */
export const POST = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "endpoints:write");
  await rotateEndpointSecret(member, id);
  return Response.json(secretResourceOf(await endpointSecret(member, id)), { status: 201 });
});
