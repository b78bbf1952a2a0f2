import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { changeEndpointInput, createEndpointInput } from "@/lib/integrations/outgoing/endpoints/inputs";
import { listDeliveriesInput, replayRangeInput } from "@/lib/integrations/outgoing/inputs";
import { endpointResource, outgoingDeliveryDetails, outgoingDeliveryResource, replayedResource, secretResource } from "@/lib/integrations/outgoing/mappings";

const noEndpoint = { 404: "No such endpoint in your organization" };
const noDelivery = { 404: "No such delivery in your organization" };

/** Outgoing webhooks. What is sent to them stands under `webhooks` of the document. */
export const endpointOperations: Operation[] = [
  {
    method: "get",
    path: "/api/endpoints",
    summary: "List the endpoints that get outgoing webhooks",
    scope: "endpoints:read",
    success: { status: 200, description: "The newest first", schema: z.strictObject({ endpoints: z.array(endpointResource) }) },
  },
  {
    method: "post",
    path: "/api/endpoints",
    summary: "Add an endpoint",
    description: "It hears of nothing until a subscription leads to it. Its deliveries follow Standard Webhooks 1.0.0; read the secret that signs them from `/api/endpoints/{id}/secret`.",
    scope: "endpoints:write",
    headers: ["Idempotency-Key"],
    body: createEndpointInput,
    success: { status: 201, description: "The endpoint", schema: endpointResource, headers: ["Location", "ETag"] },
  },
  {
    method: "get",
    path: "/api/endpoints/{id}",
    summary: "Read an endpoint and how it does",
    scope: "endpoints:read",
    success: { status: 200, description: "The endpoint", schema: endpointResource, headers: ["ETag"] },
    refusals: noEndpoint,
  },
  {
    method: "patch",
    path: "/api/endpoints/{id}",
    summary: "Change an endpoint, pause it or let it go on",
    description: "Fields that are not sent stay as they are. What happens while it is paused is kept, and delivered in order when it goes on.",
    scope: "endpoints:write",
    headers: ["If-Match"],
    body: changeEndpointInput,
    success: { status: 200, description: "The endpoint as it now stands", schema: endpointResource, headers: ["ETag"] },
    refusals: { ...noEndpoint, 412: "It has changed since the ETag in If-Match" },
  },
  {
    method: "delete",
    path: "/api/endpoints/{id}",
    summary: "Delete an endpoint",
    description: "What waits for it is dropped, and the subscriptions that lead to it end.",
    scope: "endpoints:write",
    success: { status: 204, description: "Deleted" },
    refusals: noEndpoint,
  },
  {
    method: "get",
    path: "/api/endpoints/{id}/secret",
    summary: "Read the secret that signs an endpoint's deliveries",
    scope: "endpoints:write",
    success: { status: 200, description: "The current one", schema: secretResource },
    refusals: noEndpoint,
  },
  {
    method: "post",
    path: "/api/endpoints/{id}/secret",
    summary: "Rotate the secret",
    description: "For a day each delivery carries two signatures, of the new secret and of the one before it.",
    scope: "endpoints:write",
    success: { status: 201, description: "The new one", schema: secretResource },
    refusals: noEndpoint,
  },
  {
    method: "post",
    path: "/api/endpoints/{id}/test",
    summary: "Send a test event",
    description: "`endpoint.test`, tried once, even while the endpoint is paused.",
    scope: "endpoints:write",
    headers: ["Idempotency-Key"],
    success: { status: 202, description: "It is on its way; read it again for its outcome", schema: outgoingDeliveryResource, headers: ["Location"] },
    refusals: noEndpoint,
  },
  {
    method: "get",
    path: "/api/endpoints/{id}/deliveries",
    summary: "List what an endpoint was sent",
    description: "Settled deliveries are kept for 30 days.",
    scope: "endpoints:read",
    query: listDeliveriesInput,
    success: {
      status: 200,
      description: "The newest first; follow `nextCursor` until it is null",
      schema: z.strictObject({ deliveries: z.array(outgoingDeliveryResource), nextCursor: z.string().nullable() }),
    },
    refusals: noEndpoint,
  },
  {
    method: "post",
    path: "/api/endpoints/{id}/replay",
    summary: "Send a range of events again",
    description: "Everything that was put on its way or settled in the range, delivered or not, under its own `webhook-id` and in its order; at most 5,000 events.",
    scope: "endpoints:write",
    headers: ["Idempotency-Key"],
    body: replayRangeInput,
    success: { status: 202, description: "How many are on their way", schema: replayedResource },
    refusals: noEndpoint,
  },
  {
    method: "get",
    path: "/api/outgoing-deliveries/{id}",
    summary: "Read a delivery with its body and every attempt",
    scope: "endpoints:read",
    success: { status: 200, description: "The delivery", schema: outgoingDeliveryDetails },
    refusals: noDelivery,
  },
  {
    method: "post",
    path: "/api/outgoing-deliveries/{id}/resend",
    summary: "Send a delivery again",
    description: "Under the same `webhook-id`, with a new place in the order of its entity.",
    scope: "endpoints:write",
    success: { status: 202, description: "The new delivery", schema: outgoingDeliveryResource, headers: ["Location"] },
    refusals: { ...noDelivery, 409: "It is on its way already" },
  },
];
