import { z } from "zod";
import { categories, valuesOf } from "../inputs";

/** What a member had chosen before they left, so that taking it back restores it. Null is: nothing. */
const formerChoice = z.strictObject({
  category: z.enum(categories, "not-an-option"),
  workspaceId: z.string("wrong-type").max(64, "invalid").nullable(),
  value: z.enum(valuesOf.email, "not-an-option").nullable(),
});
export type FormerChoice = z.output<typeof formerChoice>;

const formerChoices = z.array(formerChoice, "wrong-type").max(500, "too-many");

/** The one button of the page, either way. `former` is what the page was told when the mails were stopped. */
export const leaveInput = z.strictObject({
  wish: z.enum(["leave", "return"], "not-an-option"),
  former: z
    .string("wrong-type")
    .max(100_000, "too-long")
    .default("[]")
    .transform((text, context) => {
      try {
        return formerChoices.parse(JSON.parse(text));
      } catch {
        context.addIssue({ code: "custom", message: "invalid" });
        return z.NEVER;
      }
    }),
});

export const muteInput = z.strictObject({ wish: z.enum(["mute", "unmute"], "not-an-option") });
