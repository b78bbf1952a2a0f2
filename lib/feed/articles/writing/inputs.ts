import { z } from "zod";
import { documentLimits } from "../../document/rules";
import { revisionInput } from "../../drafts/inputs";
import { titleInput } from "../inputs";

export const writingIntents = ["publish", "save", "preview"] as const;

const id = z.string("wrong-type").max(64, "invalid");
/** A day that every zone has in a year of four digits: PostgreSQL reads no others. */
const date = z.iso.date("required").refine((day) => day < "9999-12-31", "too-far").refine((day) => day > "0001-01-01", "in-the-past");
const time = z.string("required").regex(/^([01]\d|2[0-3]):[0-5]\d$/, "required");

/**
 * What the page of an article that is being written sends. With the editor, which saves by itself, only what is asked when publishing;
 * without it, also what stands in the plain fields.
 */
export const writingInput = z.strictObject({
  intent: z.enum(writingIntents),
  plain: z.boolean(),
  title: titleInput.optional(),
  text: z.string("wrong-type").max(documentLimits.bytes, "too-long").optional(),
  coverId: id.nullable().optional(),
  revision: revisionInput,
  basedOn: revisionInput,
  version: revisionInput.optional(),
  feedId: id.optional(),
  workspaceIds: z.array(id),
  publishAt: z.strictObject({ date, time }).nullable(),
  notify: z.boolean(),
  commentsOpen: z.boolean(),
  pinned: z.boolean(),
  mustRead: z.strictObject({ dueDate: date.nullable() }).nullable(),
});
export type WritingInput = z.output<typeof writingInput>;

export const startInput = z.strictObject({ feedId: id.optional(), idempotencyKey: z.string().min(8, "invalid").max(100, "too-long") });

export const pinForm = z.strictObject({ workspaceId: id, pinned: z.boolean() });
