import { z } from "zod";

export const readersPerPage = 50;

export const readersInput = z.strictObject({
  which: z.enum(["done", "waiting"], "not-an-option").default("waiting").meta({ description: "Who has said that they read it, or who has not" }),
  cursor: z.string("wrong-type").max(1000, "invalid").optional().meta({ description: "The `nextCursor` of an earlier answer" }),
  limit: z.coerce.number("wrong-type").int("invalid").min(1, "too-short").max(100, "too-long").default(readersPerPage),
});
export type ReadersInput = z.output<typeof readersInput>;

export const acknowledgeInput = z.strictObject({
  version: z.int("wrong-type").min(1, "invalid").meta({ description: "The version that was on the screen" }),
});
