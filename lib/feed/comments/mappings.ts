import { z } from "zod";
import type { ArticleDocument } from "../document/rules";

const instant = z.iso.datetime();

/** The public form of a comment, for the API and the pages alike. */
export const commentResource = z.strictObject({
  id: z.string(),
  articleId: z.string(),
  parentId: z.string().nullable().meta({ description: "The comment that it answers; null when it answers the article" }),
  author: z.strictObject({ id: z.string(), name: z.string() }).nullable().meta({ description: "Null once it is deleted" }),
  document: z.custom<ArticleDocument>().nullable().meta({ type: ["object", "null"], description: "Null once it is deleted" }),
  text: z.string().meta({ description: "Its words alone" }),
  version: z.int(),
  createdAt: instant,
  editedAt: instant.nullable(),
  deleted: z.enum(["by-author", "by-manager"]).nullable().meta({ description: "A deleted comment that has replies keeps its place" }),
  replies: z.int().meta({ description: "How many answer it; the latest of them come with it" }),
  likes: z.int(),
  liked: z.boolean().meta({ description: "Whether you like it" }),
  mayEdit: z.boolean(),
  mayDelete: z.boolean(),
  url: z.string(),
});
export type CommentView = z.infer<typeof commentResource>;

export const commentPage = z.strictObject({
  comments: z.array(commentResource).meta({ description: "Oldest first, replies among them" }),
  nextCursor: z.string().nullable().meta({ description: "Leads to earlier ones" }),
  people: z.record(z.string(), z.string()).meta({ description: "What the people who are mentioned are called now, by member id" }),
  total: z.int().meta({ description: "How many comments the article has" }),
  open: z.boolean().meta({ description: "Whether it may be commented" }),
});
export type CommentPage = z.infer<typeof commentPage>;
