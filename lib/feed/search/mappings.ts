import { z } from "zod";

const line = z
  .array(z.strictObject({ text: z.string(), match: z.boolean() }))
  .meta({ description: "A line in parts, in order; `match` says which are what was asked for" });

export const foundResource = z.strictObject({
  type: z.enum(["article", "comment"]),
  id: z.string(),
  articleId: z.string().meta({ description: "For a comment, the article it stands at" }),
  title: line,
  snippet: line,
  author: z.strictObject({ id: z.string(), name: z.string() }),
  workspaces: z.array(z.strictObject({ slug: z.string(), name: z.string() })).meta({ description: "Those of yours that it may be read in" }),
  at: z.iso.datetime().meta({ description: "When it was published or written" }),
});
export type Found = z.output<typeof foundResource>;

export const searchPage = z.strictObject({
  results: z.array(foundResource).meta({ description: "Best first: titles before texts, articles before comments, newer ones before older ones that fit as well" }),
  similar: z.array(foundResource).meta({ description: "Where little is found: what is spelled nearly the same, or has some of the words" }),
  nextCursor: z.string().nullable(),
});
export type SearchPage = z.output<typeof searchPage>;
