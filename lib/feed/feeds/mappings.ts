import { z } from "zod";
import { postings } from "./bounds/inputs";

/** A feed, as pages and the REST API show it. */
export const feedResource = z.strictObject({
  id: z.string(),
  workspaceId: z.string(),
  name: z.string().nullable().meta({ description: "Null is a workspace's first feed, whose name is a word of the reader's language" }),
  slug: z.string(),
  first: z.boolean(),
  posting: z.enum(postings),
  archived: z.boolean(),
  mayPublish: z.boolean().meta({ description: "Whether you may publish in it" }),
});
export type FeedView = z.output<typeof feedResource>;
