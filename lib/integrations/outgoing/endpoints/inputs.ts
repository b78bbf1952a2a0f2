import { z } from "zod";

export const hoursMax = 720;
export const hoursDefault = 120;

const name = z.string("wrong-type").trim().min(1, "required").max(80, "too-long");
const url = z.string("wrong-type").trim().min(1, "required").max(2000, "too-long").meta({ description: "https, public, on port 443, without a user name" });
const pauseAfterHours = z.coerce
  .number("wrong-type")
  .int("wrong-type")
  .min(1, "hours")
  .max(hoursMax, "hours")
  .meta({ description: "After as many hours of nothing but failure it is paused and its owner told" });

export const createEndpointInput = z.strictObject({ name, url, pauseAfterHours: pauseAfterHours.default(hoursDefault) });
export type CreateEndpointInput = z.output<typeof createEndpointInput>;

export const changeEndpointInput = z.strictObject({
  name: name.optional(),
  url: url.optional(),
  pauseAfterHours: pauseAfterHours.optional(),
  paused: z.boolean("wrong-type").optional().meta({ description: "What happens meanwhile is kept, and delivered in order when it goes on" }),
});
export type ChangeEndpointInput = z.output<typeof changeEndpointInput>;

/** The page's own form: one endpoint, everything that can be changed in it. */
export const endpointForm = createEndpointInput;

export const endpointId = z.strictObject({ endpointId: z.string("wrong-type").max(64, "invalid") });
