import { z } from "zod";

/** What may be liked: an article, or a comment at it. */
export interface Likeable {
  articleId: string;
  commentId: string | null;
}

export const likersPerPage = 50;

export const listLikersInput = z.strictObject({
  cursor: z.string("wrong-type").max(200, "invalid").optional().meta({ description: "The `nextCursor` of an earlier answer" }),
  limit: z.coerce.number("wrong-type").int("invalid").min(0, "too-short").max(100, "too-long").default(likersPerPage).meta({ description: "0 for the count alone" }),
});
export type ListLikersInput = z.output<typeof listLikersInput>;
