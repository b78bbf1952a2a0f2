import { route } from "@/lib/platform/route";
import { webhookResourceOf } from "@/lib/integrations/ingest/mappings";
import { webhookOf } from "@/lib/integrations/ingest/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

export const GET = route<{ id: string }>(async (request, { id }) => Response.json(webhookResourceOf(await webhookOf(await memberOfRequest(request, "integrations:read"), id))));
