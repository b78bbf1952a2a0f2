import { z } from "zod";

/** Somebody who can be mentioned. No address: whoever writes need not know it. */
export const mentionablePerson = z.strictObject({ id: z.string(), name: z.string() });
export type MentionablePerson = z.output<typeof mentionablePerson>;
