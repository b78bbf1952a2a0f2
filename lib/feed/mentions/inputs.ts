import { z } from "zod";

export const findPeopleInput = z.strictObject({
  search: z.string().trim().max(100, "too-long").default("").meta({ description: "The beginning of a name, or a part of it" }),
});
export type FindPeopleInput = z.output<typeof findPeopleInput>;

/** As many are offered at once: who is not among them is found by a letter more. */
export const peopleOffered = 8;
