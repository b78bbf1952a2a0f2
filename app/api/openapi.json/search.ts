import type { Operation } from "@/lib/platform/openapi";
import { searchInput } from "@/lib/feed/search/inputs";
import { searchPage } from "@/lib/feed/search/mappings";

export const searchOperations: Operation[] = [
  {
    method: "get",
    path: "/api/search",
    summary: "Search articles and comments",
    description:
      "Among what you may read: published articles of your workspaces and the comments at them. Endings, accents and Korean particles make no difference, and the last word may be unfinished. Follow `nextCursor` to further results. A token needs `comments:read` as well.",
    scope: "articles:read",
    query: searchInput,
    success: { status: 200, description: "What was found, best first", schema: searchPage },
    refusals: { 404: "You are in no such workspace" },
  },
];
