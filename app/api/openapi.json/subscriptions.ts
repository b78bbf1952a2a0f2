import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { dryRunResource } from "@/lib/integrations/subscriptions/dry-run/mappings";
import { changeSubscriptionInput, dryRunInput, replaySubscriptionInput, subscriptionInput, suggestionsQuery } from "@/lib/integrations/subscriptions/inputs";
import { suggestionsResource } from "@/lib/integrations/subscriptions/suggestions/mappings";
import { subscriptionResource } from "@/lib/integrations/subscriptions/wishes/mappings";

const badBody = { 400: "The body is not JSON", 413: "The body is larger than 1 MB", 415: "The body is not application/json" };

export const subscriptionOperations: Operation[] = [
  {
    method: "get",
    path: "/api/subscriptions",
    summary: "List subscriptions",
    description: "Your own and those that tell you; for admins all. By name.",
    scope: "subscriptions:read",
    success: { status: 200, description: "The subscriptions", schema: z.strictObject({ subscriptions: z.array(subscriptionResource) }) },
  },
  {
    method: "post",
    path: "/api/subscriptions",
    summary: "Subscribe to events",
    description: "Anybody may subscribe themselves (`target` `me`); people, workspaces and endpoints are for admins.",
    scope: "subscriptions:write",
    headers: ["Idempotency-Key"],
    body: subscriptionInput,
    success: { status: 201, description: "The subscription", schema: subscriptionResource, headers: ["Location", "ETag"] },
    refusals: { ...badBody, 403: "For others, and you are no admin", 409: "The first request with this Idempotency-Key is still being worked on" },
  },
  {
    method: "get",
    path: "/api/subscriptions/{id}",
    summary: "Read a subscription",
    scope: "subscriptions:read",
    success: { status: 200, description: "The subscription", schema: subscriptionResource, headers: ["ETag"] },
    refusals: { 404: "No such subscription for you" },
  },
  {
    method: "patch",
    path: "/api/subscriptions/{id}",
    summary: "Change, pause or resume a subscription",
    description: "Fields that are not sent stay as they are. What a paused one misses is not told later; a replay can.",
    scope: "subscriptions:write",
    headers: ["If-Match"],
    body: changeSubscriptionInput,
    success: { status: 200, description: "The subscription as it now stands", schema: subscriptionResource, headers: ["ETag"] },
    refusals: { ...badBody, 403: "It is not yours to change", 404: "No such subscription", 412: "It has changed since the ETag in If-Match" },
  },
  {
    method: "delete",
    path: "/api/subscriptions/{id}",
    summary: "Delete a subscription",
    scope: "subscriptions:write",
    headers: ["If-Match"],
    success: { status: 204, description: "Deleted" },
    refusals: { 403: "It is not yours to delete", 404: "No such subscription", 412: "It has changed since the ETag in If-Match" },
  },
  {
    method: "post",
    path: "/api/subscriptions/{id}/replay",
    summary: "Let what a subscription means go its way again",
    description: "An endpoint gets every event of the range once more, in order; of people, whoever was not told yet and may see it is told.",
    scope: "subscriptions:write",
    headers: ["Idempotency-Key"],
    body: replaySubscriptionInput,
    success: { status: 202, description: "How many events that are", schema: z.strictObject({ replayed: z.int() }) },
    refusals: { ...badBody, 403: "It is not yours to replay", 404: "No such subscription", 409: "It is paused, or about Moim itself" },
  },
  {
    method: "post",
    path: "/api/subscriptions/dry-run",
    summary: "Try a subscription on what came in lately",
    description: "Changes nothing. It counts what a replay of the same days would deliver; with `target` `me`, what you would have been told.",
    scope: "subscriptions:read",
    body: dryRunInput,
    success: { status: 200, description: "What it would have matched", schema: dryRunResource },
    refusals: { ...badBody, 403: "For others, and you are no admin", 503: "`JIRA_UNAVAILABLE`: what you may see cannot be asked for now" },
  },
  {
    method: "get",
    path: "/api/subscriptions/suggestions",
    summary: "What a filter can name",
    description: "Projects, issue types, statuses and labels that you may know of, and colleagues who linked their account.",
    scope: "subscriptions:read",
    query: suggestionsQuery,
    success: { status: 200, description: "Names", schema: suggestionsResource },
    refusals: { 404: "No such connection" },
  },
];
