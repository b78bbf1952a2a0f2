import { z } from "zod";

export const questionMax = 200;
export const foundPerPage = 20;

export const searchInput = z.strictObject({
  q: z.string().trim().min(1, "required").max(questionMax, "too-long").meta({ description: "Words, in English, Korean or French; the last one may be unfinished" }),
  workspace: z.string().max(100, "too-long").optional().meta({ description: "Slug: only what may be read in this workspace" }),
  cursor: z.string().max(100, "too-long").optional().meta({ description: "The `nextCursor` of an earlier answer" }),
});
export type SearchInput = z.output<typeof searchInput>;
