import type { Operation } from "@/lib/platform/openapi";
import { newerInput } from "@/lib/feed/reading/inputs";
import { newerResource, unreadResource } from "@/lib/feed/reading/mappings";

export const readingOperations: Operation[] = [
  {
    method: "get",
    path: "/api/articles/newer",
    summary: "Count what came since",
    description: "How many articles were published in a workspace since the page of its news that you have.",
    scope: "articles:read",
    query: newerInput,
    success: { status: 200, description: "How many", schema: newerResource },
    refusals: { 404: "No such workspace or feed for you" },
  },
  {
    method: "get",
    path: "/api/articles/unread",
    summary: "Count what you have not read",
    scope: "articles:read",
    success: { status: 200, description: "For each of your workspaces", schema: unreadResource },
  },
  {
    method: "put",
    path: "/api/articles/{id}/read",
    summary: "Mark an article as read",
    description: "The first time counts; repeated, it comes to the same.",
    scope: "articles:write",
    success: { status: 200, description: "What is unread by now", schema: unreadResource },
    refusals: { 404: "No such article for you", 410: "`ARTICLE_GONE`: it was deleted" },
  },
];
