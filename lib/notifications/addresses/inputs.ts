import { z } from "zod";

/** The button needs to say nothing: it lifts the stop of whoever presses it. */
export const liftStopInput = z.strictObject({});
