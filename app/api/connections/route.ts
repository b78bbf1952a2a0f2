import { route } from "@/lib/platform/route";
import { connectionResourceOf, healthResourceOf } from "@/lib/integrations/connections/mappings";
import { connectionsOf, webhookUrlOf } from "@/lib/integrations/connections/queries";
import { healthOfAll } from "@/lib/integrations/connections/health/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route(async (request) => {
  const member = await memberOfRequest(request, "integrations:read");
  const health = await healthOfAll(member);
  const connections = await connectionsOf(member);
  return Response.json({
    connections: connections.flatMap((connection) => {
      const how = health.get(connection.id);
      return how ? [{ ...connectionResourceOf(connection, webhookUrlOf(connection)), health: healthResourceOf(how) }] : [];
    }),
  });
});
