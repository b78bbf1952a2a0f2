import { z } from "zod";
import { commentDocumentField, commentDocumentInput, commentTextInput } from "../document/inputs";
import { isBlank, type ArticleDocument } from "../document/rules";

/** What may come in. Usable in the browser; messages are codes of `messages/<locale>/faults.json`. */
const id = z.string("wrong-type").max(64, "invalid");

/** A comment is a document, or plain text where no editor is: one of the two. */
const words = {
  document: commentDocumentInput.optional(),
  text: commentTextInput.optional(),
};

/** The one document of the two fields. */
const told = (input: { document?: ArticleDocument; text?: ArticleDocument }, context: z.RefinementCtx): ArticleDocument => {
  const document = input.document ?? input.text;
  if (input.document && input.text) context.addIssue({ code: "custom", message: "twice", path: ["text"] });
  if (document && !isBlank(document)) return document;
  context.addIssue({ code: "custom", message: "required", path: [input.document ? "document" : "text"] });
  return z.NEVER;
};

export const addCommentInput = z
  .strictObject({ article: id, parentId: id.nullable().default(null), ...words })
  .transform(({ article, parentId, ...input }, context) => ({ articleId: article, parentId, document: told(input, context) }));

export const editCommentInput = z.strictObject(words).transform((input, context) => ({ document: told(input, context) }));

export interface CommentInput {
  document: ArticleDocument;
  /** The comment that is answered. One that is a reply itself is answered below the comment it answers. */
  parentId: string | null;
}

/** From the form: the editor writes a document into it, the bare field without scripts plain text. */
const field = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === "string" && value !== "" ? value : undefined;
};
export const commentFormInput = z
  .strictObject({ document: commentDocumentField.optional(), text: commentTextInput.optional() })
  .transform((input, context) => ({ document: told(input.document ? { document: input.document } : input, context) }));
export const commentShape = (form: FormData) => ({ document: field(form, "document"), text: field(form, "document") === undefined ? (field(form, "text") ?? "") : undefined });

export const commentsPerPage = 20;

export const listCommentsInput = z.strictObject({
  article: id.meta({ description: "The article's id" }),
  parent: id.optional().meta({ description: "Only the replies to this comment" }),
  ids: z
    .string("wrong-type")
    .max(4_000, "too-long")
    .transform((list) => [...new Set(list.split(",").filter(Boolean))])
    .refine((list) => list.length <= 50, "too-many")
    .optional()
    .meta({ description: "Only these, at most 50, separated by commas, and the comments they answer. What does not come back is not there any more" }),
  around: id.optional().meta({ description: "As many as it takes for this comment to be among them, at most 200" }),
  cursor: id.optional().meta({ description: "The `nextCursor` of an earlier answer" }),
  limit: z.coerce.number("wrong-type").int("invalid").min(1, "too-short").max(100, "too-long").default(commentsPerPage),
});
export type ListCommentsInput = z.output<typeof listCommentsInput>;
