import { z } from "zod";
import { commentLimits, documentLimits, documentOfText, DocumentFault, readDocument, type ArticleDocument, type DocumentLimits } from "./rules";

/** Reads with `read`, and says as a fault of the field where a document is none. */
const as = (read: (value: unknown, limits: DocumentLimits) => ArticleDocument, limits: DocumentLimits) => (value: unknown, context: z.RefinementCtx) => {
  try {
    return read(value, limits);
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    context.addIssue({ code: "custom", message: value === undefined || value === null ? "required" : error.code, path: error.path });
    return z.NEVER;
  }
};

const documentMeta = {
  description:
    "A tree of nodes as ProseMirror writes it: doc, paragraph, heading (level 2 to 4), bulletList, orderedList, listItem, blockquote, codeBlock, horizontalRule, media (mediaId, caption), text, hardBreak, mention (memberId, label); marks bold, italic, strike, code, link (href: http, https, mailto, tel).",
};

export const documentInput = z.unknown().transform(as(readDocument, documentLimits)).meta(documentMeta);
export const commentDocumentInput = z.unknown().transform(as(readDocument, commentLimits)).meta(documentMeta);

/** A document in a field of a form, as the JSON that the editor writes into it. */
const json = z.string("required").transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "document-malformed" });
    return z.NEVER;
  }
});
export const commentDocumentField = json.pipe(commentDocumentInput);

/** Plain text where no editor is: forms before JavaScript arrives, and clients that write no documents. */
const text = (limits: DocumentLimits) =>
  z
    .string("wrong-type")
    .max(limits.bytes, "too-long")
    .transform(as((value, of) => documentOfText(String(value), of), limits));
export const documentTextInput = text(documentLimits);
export const commentTextInput = text(commentLimits);
