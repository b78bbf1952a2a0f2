import { route } from "@/lib/platform/route";
import { webhookBody } from "@/lib/integrations/ingest/queries";
import { memberOfRequest } from "@/lib/organizations/actor";

/** Somebody else wrote it, so it is saved and never shown by a browser as a page of ours. */
export const GET = route<{ id: string }>(async (request, { id }) => {
  const body = await webhookBody(await memberOfRequest(request, "integrations:read"), id);
  return new Response(new Uint8Array(body), {
    headers: { "Content-Type": "application/octet-stream", "Content-Disposition": `attachment; filename="${id}.json"`, "X-Content-Type-Options": "nosniff" },
  });
});
