import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { replayWebhooksInput, searchWebhooksInput } from "@/lib/integrations/ingest/inputs";
import { webhookLine, webhookResource } from "@/lib/integrations/ingest/mappings";

const managersOnly = { 403: "For owners and admins" };
const ofYours = { ...managersOnly, 404: "No such connection" };

export const webhookOperations: Operation[] = [
  {
    method: "get",
    path: "/api/connections/{id}/webhooks",
    summary: "List what came in at a connection",
    description: "Newest first, with what became of each.",
    scope: "integrations:read",
    query: searchWebhooksInput,
    success: {
      status: 200,
      description: "A page of the log; follow `nextCursor` until it is null",
      schema: z.strictObject({ webhooks: z.array(webhookLine), nextCursor: z.string().nullable() }),
    },
    refusals: ofYours,
  },
  {
    method: "post",
    path: "/api/connections/{id}/webhooks/replay",
    summary: "Let inbound webhooks go through again",
    description: "Some by id, or all that came in a range of time. Who was told before is not told twice.",
    scope: "integrations:write",
    body: replayWebhooksInput,
    success: { status: 202, description: "How many go through again", schema: z.strictObject({ replayed: z.int() }) },
    refusals: { ...managersOnly, 404: "No such connection, or none of these ids is of it" },
  },
  {
    method: "get",
    path: "/api/webhooks/{id}",
    summary: "Read an inbound webhook",
    description: "What came, what it was read as, whom it matched, what was sent and who was told.",
    scope: "integrations:read",
    success: { status: 200, description: "The webhook", schema: webhookResource },
    refusals: { ...managersOnly, 404: "No such webhook" },
  },
  {
    method: "get",
    path: "/api/webhooks/{id}/body",
    summary: "Download the body of an inbound webhook",
    description: "Byte for byte as it came, as `application/octet-stream`.",
    scope: "integrations:read",
    success: { status: 200, description: "The body", schema: z.string(), mediaType: "application/octet-stream" },
    refusals: { ...managersOnly, 404: "No such webhook" },
  },
];
