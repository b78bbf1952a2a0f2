import { z } from "zod";

export const articlesPerPage = 20;

const slug = z.string("wrong-type").max(60, "invalid");

/** What the API lists of a workspace: what stands in its feeds, what was archived, what waits for its instant, or one's own drafts. */
export const listedStates = ["published", "archived", "scheduled", "draft"] as const;

export const listArticlesInput = z.strictObject({
  workspace: slug.meta({ description: "Its slug, as in the addresses of its pages" }),
  feed: slug.optional().meta({ description: "The slug of one of its feeds; all of them when absent" }),
  state: z.enum(listedStates, "not-an-option").default("published").meta({ description: "`scheduled`: yours, and for admins everybody's; `draft`: yours" }),
  cursor: z.string("wrong-type").max(200, "invalid").optional().meta({ description: "The `nextCursor` of an earlier answer" }),
  limit: z.coerce.number("wrong-type").int("invalid").min(1, "too-short").max(100, "too-long").default(articlesPerPage),
});
export type ListArticlesInput = z.output<typeof listArticlesInput>;
