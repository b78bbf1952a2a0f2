import { z } from "zod";

const text = (max: number) => z.string("wrong-type").trim().max(max, "too-long");
const connectionId = z.string("wrong-type").max(64, "not-an-option");
const idOverThere = z.string("wrong-type").trim().min(1, "required").max(200, "not-an-option");

export const searchIssuesInput = z.strictObject({
  /** Words, a key, or the address of an issue. */
  text: text(300).optional(),
  project: text(100).optional(),
  status: text(100).optional(),
  mine: z.stringbool("wrong-type").default(false),
  /** A query in Jira's own language, instead of all the others. */
  jql: text(4_000).optional(),
  connection: connectionId.optional(),
  cursor: z.string("wrong-type").max(2_000, "invalid").optional(),
  limit: z.coerce.number("wrong-type").int("wrong-type").min(1, "invalid").max(100, "invalid").default(25),
});
export type SearchIssuesInput = z.output<typeof searchIssuesInput>;

/** Which issue: its key needs a connection only where an organization has several sites. */
export const whichIssueInput = z.strictObject({ connection: connectionId.optional() });

export const cardsInput = z.strictObject({
  /** Up to 100, separated by commas. */
  keys: z.string("wrong-type").max(4_000, "too-long"),
});

/** Jira's own limit is 32,767 characters, of a document that is longer than its text. */
const longText = z.string("wrong-type").max(30_000, "too-long").refine((value) => !value.includes("\u0000"), "invalid");

export const commentInput = z.strictObject({ text: longText.refine((value) => value.trim() !== "", "required") });
export type CommentInput = z.output<typeof commentInput>;

export const transitionInput = z.strictObject({ transitionId: idOverThere });
export type TransitionInput = z.output<typeof transitionInput>;

export const createIssueInput = z.strictObject({
  connection: connectionId.optional(),
  /** The project's key. */
  project: text(100).min(1, "required"),
  /** The id of an issue type of that project. */
  typeId: idOverThere,
  summary: text(255)
    .min(1, "required")
    .refine((value) => !/[\r\n]/.test(value), "malformed"),
  description: longText.default(""),
  /** Account ids and ids of priorities are Jira's own. */
  assigneeId: text(200).nullable().default(null),
  priorityId: text(200).nullable().default(null),
  labels: z
    .array(text(255).min(1, "required").refine((label) => !/\s/.test(label), "malformed"), "wrong-type")
    .max(50, "too-many")
    .default([]),
});
export type CreateIssueInput = z.output<typeof createIssueInput>;
