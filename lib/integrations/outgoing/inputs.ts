import { z } from "zod";
import { instantInput } from "@/lib/platform/instant-input";

export const deliveryStates = ["pending", "sending", "delivered", "failed", "dropped"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** How often a delivery is tried; when, is in `rules.ts`. */
export const attemptsMax = 8;

/** A TypeID as `isId` knows it, which needs more than a browser has. */
const deliveryIdPattern = /^odl_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

export const listDeliveriesInput = z.strictObject({
  state: z.enum(deliveryStates, "not-an-option").optional(),
  event: z.string("wrong-type").trim().max(200, "too-long").optional().meta({ description: "Name of an event, e.g. `jira.issue.created`" }),
  cursor: z.string("wrong-type").regex(deliveryIdPattern, "invalid").optional(),
  limit: z.coerce.number("wrong-type").int("wrong-type").min(1, "too-short").max(100, "too-long").default(50),
});
export type ListDeliveriesInput = z.output<typeof listDeliveriesInput>;

/** The page's own form: what is left empty, or cannot be meant, is not asked. */
export const deliverySearch = z.object({
  state: z.enum(deliveryStates).or(z.literal("")).catch(""),
  event: z.string().trim().max(200).regex(/^[^\u0000]*$/).catch(""),
  cursor: z.string().regex(deliveryIdPattern).catch(""),
});
export type DeliverySearch = z.output<typeof deliverySearch>;

export const replayRangeInput = z
  .strictObject({
    from: instantInput.meta({ description: "What was put on its way, or settled, at this instant or later" }),
    to: instantInput.meta({ description: "And before this one" }),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { error: "end-before-start", path: ["to"] });
export type ReplayRangeInput = z.output<typeof replayRangeInput>;

export const deliveryId = z.strictObject({ deliveryId: z.string("wrong-type").max(64, "invalid") });
