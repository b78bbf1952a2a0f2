import { route } from "@/lib/platform/route";
import { webhookBody } from "@/lib/integrations/ingest/queries";
import { actingMember } from "@/lib/organizations/actor";

/** The body byte for byte, as a file: whatever stands in it, no browser shows it under our origin. */
export const GET = route<{ org: string; webhook: string }>(async (_, { org, webhook }) => {
  const body = await webhookBody(await actingMember(org), webhook);
  return new Response(new Uint8Array(body), {
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename="${webhook.replace(/[^\w]/g, "")}.json"`,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "private, no-store",
    },
  });
});
