import { readBytes, route } from "@/lib/platform/route";
import { receive } from "@/lib/integrations/ingest/commands";
import { webhookBytesMax } from "@/lib/integrations/ingest/inputs";

/**
 * Where places elsewhere report what happens there: proven over the raw bytes, stored, answered at once, read later. What stands in the
 * query (Jira adds `triggeredByUser`) means nothing.
 */
export const POST = route<{ plugin: string; connection: string }>(
  async (request, { plugin, connection }) => {
    const body = await readBytes(request, webhookBytesMax);
    const { id } = await receive(plugin, connection, { headers: Object.fromEntries(request.headers), body });
    return Response.json({ id });
  },
  { signed: true },
);
