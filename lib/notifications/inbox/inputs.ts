import { z } from "zod";

const receiverId = z.string("wrong-type").min(1, "required").max(64, "invalid");

export const listNotificationsInput = z.strictObject({
  cursor: z.string("wrong-type").max(64, "invalid").optional(),
  limit: z.coerce.number("wrong-type").int("wrong-type").min(1, "too-short").max(100, "too-long").default(20),
  unread: z
    .enum(["true", "false"], "not-an-option")
    .default("false")
    .transform((value) => value === "true")
    .meta({ description: "Only what has not been read" }),
});
export type ListNotificationsInput = z.output<typeof listNotificationsInput>;

/** Either some notifications, or everything up to the newest one that was seen: what arrives meanwhile stays unread. */
export const readNotificationsInput = z.union(
  [
    z.strictObject({ ids: z.array(receiverId, "wrong-type").min(1, "required").max(500, "too-long") }),
    z.strictObject({ upTo: receiverId }),
  ],
  "invalid",
);
export type ReadNotificationsInput = z.output<typeof readNotificationsInput>;
