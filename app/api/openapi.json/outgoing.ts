import type { OutgoingRequest } from "@/lib/platform/openapi";
import { outgoingBody } from "@/lib/integrations/outgoing/mappings";
import { publicForms } from "@/lib/integrations/outgoing/product-events/mappings";

const headers = {
  "webhook-id": "The event's id, the same at every repetition: what was taken under it need not be taken again",
  "webhook-timestamp": "When this attempt was made, in seconds since 1970; refuse what is older than five minutes",
  "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` with the endpoint's secret; several, separated by spaces, while it is rotated",
};

/** What endpoints are sent of the product's own events, after Standard Webhooks 1.0.0. */
export const outgoingRequests: OutgoingRequest[] = Object.entries(publicForms).map(([name, { summary, data }]) => ({ name, summary, headers, body: outgoingBody(name, data) }));
