import { z } from "zod";
import type { Operation } from "@/lib/platform/openapi";
import { findPeopleInput } from "@/lib/feed/mentions/inputs";
import { mentionablePerson } from "@/lib/feed/mentions/mappings";

export const mentionOperations: Operation[] = [
  {
    method: "get",
    path: "/api/articles/{id}/people",
    summary: "Find people to mention",
    description: "Who reads along in the workspaces of the article, by name; at most eight.",
    scope: "articles:read",
    query: findPeopleInput,
    success: { status: 200, description: "The people", schema: z.strictObject({ people: z.array(mentionablePerson) }) },
    refusals: { 404: "No such article for you", 410: "`ARTICLE_GONE`: it was deleted" },
  },
];
