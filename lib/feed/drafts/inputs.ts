import { z } from "zod";
import { titleInput } from "../articles/inputs";
import { documentInput } from "../document/inputs";

/** Of a draft or a version: as far as the database counts, and one more. */
export const revisionInput = z.int("wrong-type").min(0, "invalid").max(2 ** 31 - 2, "invalid");

export const saveDraftInput = z.strictObject({
  title: titleInput,
  document: documentInput,
  coverId: z.string("wrong-type").max(64, "invalid").nullable(),
  /** What this save stands on; 0 begins a draft. */
  revision: revisionInput,
  /** With a draft that begins: the version of the article that was on the screen. */
  basedOn: revisionInput.optional(),
  /** How the tab calls itself, so that it is told from others. */
  tab: z.string("wrong-type").max(64, "invalid"),
});
export type SaveDraftInput = z.output<typeof saveDraftInput>;
