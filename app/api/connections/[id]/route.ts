import { Refused } from "@/lib/platform/errors";
import { readJson, route } from "@/lib/platform/route";
import { pauseConnection, resumeConnection } from "@/lib/integrations/connections/commands";
import { healthOf } from "@/lib/integrations/connections/health/queries";
import { changeConnectionInput } from "@/lib/integrations/connections/inputs";
import { disconnect } from "@/lib/integrations/connections/leaving/commands";
import { connectionResourceOf, healthResourceOf } from "@/lib/integrations/connections/mappings";
import { connectionOf, webhookUrlOf } from "@/lib/integrations/connections/queries";
import { memberOfRequest, type Member } from "@/lib/organizations/actor";

type Params = { id: string };

async function shown(member: Member, id: string): Promise<Response> {
  const health = await healthOf(member, id);
  const connection = await connectionOf(member, id);
  if (!connection || !health) throw new Refused("NOT_FOUND");
  return Response.json({ ...connectionResourceOf(connection, webhookUrlOf(connection)), health: healthResourceOf(health) });
}

export const GET = route<Params>(async (request, { id }) => shown(await memberOfRequest(request, "integrations:read"), id));

export const PATCH = route<Params>(async (request, { id }) => {
  const member = await memberOfRequest(request, "integrations:write");
  const { paused } = await readJson(request, changeConnectionInput);
  await (paused ? pauseConnection(member, id) : resumeConnection(member, id));
  return shown(member, id);
});

/** Disconnects it. */
export const DELETE = route<Params>(async (request, { id }) => {
  await disconnect(await memberOfRequest(request, "integrations:write"), id);
  return new Response(null, { status: 204 });
});
