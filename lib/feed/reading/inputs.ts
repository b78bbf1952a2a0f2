import { z } from "zod";

const slug = z.string("wrong-type").max(60, "invalid");

export const newerInput = z.strictObject({
  workspace: slug.meta({ description: "Its slug, as in the addresses of its pages" }),
  feed: slug.optional().meta({ description: "The slug of one of its feeds; all of them when absent" }),
  newest: z.string("wrong-type").max(200, "invalid").meta({ description: "The `newest` of the page that is shown" }),
});
