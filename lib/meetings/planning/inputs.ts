import { z } from "zod";
import { wallClockInput } from "../calendar/inputs";
import { attendeesMax } from "../inputs";

/** What the booking form asks while it is being filled: a time as typed, and who would come. */
export const planInput = wallClockInput.extend({
  members: z
    .string()
    .default("")
    .transform((list) => list.split(",").filter(Boolean).slice(0, attendeesMax)),
  /** The meeting being moved, which is not in its own way. */
  except: z.string().max(64).optional(),
});
export type PlanInput = z.output<typeof planInput>;
