import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { putTopicInput } from "@/lib/notifications/topics/inputs";
import { listedTopicResource, topicResource } from "@/lib/notifications/topics/mappings";

export const topicOperations: Operation[] = [
  {
    method: "get",
    path: "/api/preferences/topics",
    summary: "What you follow and what you muted",
    description: "Articles and feeds, the newest choice first, at most 200.",
    scope: "preferences:read",
    success: { status: 200, description: "Your choices", schema: z.strictObject({ topics: z.array(listedTopicResource) }) },
  },
  {
    method: "put",
    path: "/api/preferences/topics/{topic}",
    summary: "Follow or mute an article or a feed",
    description:
      "A followed article tells you of every comment, a followed feed of every comment at its articles. A muted one tells you nothing but where you are mentioned. You are never told of what you may not read.",
    scope: "preferences:write",
    body: putTopicInput,
    success: { status: 200, description: "Your choice", schema: topicResource },
    refusals: { 400: "The body is not JSON", 404: "No id of an article or a feed", 413: "The body is larger than 1 MB", 415: "The body is not application/json" },
  },
];
