import { z } from "zod";

/** Which issues a registered webhook is about, in the part of JQL that it may be told in; empty for all of them. */
export const useDynamicHooksInput = z.strictObject({ filter: z.string("wrong-type").trim().max(2000, "too-long").default("") });
export type UseDynamicHooksInput = z.input<typeof useDynamicHooksInput>;
