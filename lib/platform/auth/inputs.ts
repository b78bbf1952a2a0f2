import { z } from "zod";

/** Lower-cased, because a mailbox is one person however it is typed. */
export const emailAddress = z.string("wrong-type").trim().toLowerCase().min(1, "required").max(254, "too-long").pipe(z.email("email"));

export const requestSignInInput = z.strictObject({
  email: emailAddress,
  returnTo: z.string("wrong-type").max(2000, "too-long").optional(),
});
