import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { changeConnectionInput } from "@/lib/integrations/connections/inputs";
import { connectionWithHealth } from "@/lib/integrations/connections/mappings";
import { webhookOperations } from "./webhooks";

const managersOnly = { 403: "For owners and admins" };
const ofYours = { ...managersOnly, 404: "No such connection, or it was disconnected" };

export const connectionOperations: Operation[] = [
  {
    method: "get",
    path: "/api/connections",
    summary: "List the organization's connections",
    description: "Each with how it is: its token, its webhook, what waits, what came in the last 24 hours.",
    scope: "integrations:read",
    success: { status: 200, description: "All of them, by name", schema: z.strictObject({ connections: z.array(connectionWithHealth) }) },
    refusals: managersOnly,
  },
  {
    method: "get",
    path: "/api/connections/{id}",
    summary: "Read a connection and how it is",
    scope: "integrations:read",
    success: { status: 200, description: "The connection", schema: connectionWithHealth },
    refusals: ofYours,
  },
  {
    method: "patch",
    path: "/api/connections/{id}",
    summary: "Pause or resume a connection",
    description: "While it is paused, what comes is kept and not read; resuming reads it in order and asks for what may have been missed.",
    scope: "integrations:write",
    body: changeConnectionInput,
    success: { status: 200, description: "The connection as it now stands", schema: connectionWithHealth },
    refusals: ofYours,
  },
  {
    method: "delete",
    path: "/api/connections/{id}",
    summary: "Disconnect",
    description: "Its address stops taking webhooks, its subscriptions end, its webhooks over there and its tokens are removed. Its log stays.",
    scope: "integrations:write",
    success: { status: 204, description: "Disconnected" },
    refusals: ofYours,
  },
  ...webhookOperations,
];
