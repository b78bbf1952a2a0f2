import { z } from "zod";
import { channelNames } from "../inputs";

/** What a dead letter died of; the same list as the column's (tables.ts). */
export const causes = ["bad-request", "credentials", "permission", "gone", "exhausted", "expired", "unwritable"] as const;

/** Which dead letters are meant; what is named narrows them down. */
export const deadLetterFilter = z.strictObject({
  channel: z.enum(channelNames, "invalid").optional(),
  cause: z.enum(causes, "invalid").optional(),
  /** The provider's words, whole. */
  reason: z.string("wrong-type").max(1000, "too-long").optional(),
  type: z.string("wrong-type").max(64, "invalid").optional(),
  /** Member id, device id or address. */
  recipient: z.string("wrong-type").max(320, "invalid").optional(),
  notificationId: z.string("wrong-type").max(64, "invalid").optional(),
});
export type DeadLetterFilter = z.infer<typeof deadLetterFilter>;
