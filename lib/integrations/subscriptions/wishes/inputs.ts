import { z } from "zod";
import { replayDays } from "../choices/inputs";

export const subscriptionId = z.strictObject({ subscriptionId: z.string("wrong-type").max(64, "invalid") });

export const replayForm = z.strictObject({
  subscriptionId: subscriptionId.shape.subscriptionId,
  days: z.coerce.number("not-an-option").refine((days) => replayDays.some((known) => known === days), "not-an-option"),
});
