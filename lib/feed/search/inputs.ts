import { z } from "zod";
import { questionMax } from "./bounds/inputs";

export const foundPerPage = 20;

export const searchInput = z.strictObject({
  q: z.string().max(questionMax, "too-long").regex(/\S/, "required").meta({ description: "Words, in English, Korean or French; the last one may be unfinished, unless a blank follows it" }),
  workspace: z.string().max(100, "too-long").optional().meta({ description: "Slug: only what may be read in this workspace" }),
  cursor: z.string().max(100, "too-long").optional().meta({ description: "The `nextCursor` of an earlier answer" }),
});
export type SearchInput = z.output<typeof searchInput>;
