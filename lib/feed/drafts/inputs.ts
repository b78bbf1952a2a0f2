import { z } from "zod";
import { titleInput } from "../articles/inputs";
import { documentInput } from "../document/inputs";

export const saveDraftInput = z.strictObject({
  title: titleInput,
  document: documentInput,
  coverId: z.string("wrong-type").max(64, "invalid").nullable(),
  /** What this save stands on; 0 begins a draft. */
  revision: z.int("wrong-type").min(0, "invalid"),
  /** With a draft that begins: the version of the article that was on the screen. */
  basedOn: z.int("wrong-type").min(0, "invalid").optional(),
  /** How the tab calls itself, so that it is told from others. */
  tab: z.string("wrong-type").max(64, "invalid"),
});
export type SaveDraftInput = z.output<typeof saveDraftInput>;
