import { z } from "zod";
import { instantInput } from "@/lib/platform/instant-input";

/** The most that Jira sends; what is larger it drops itself. */
export const webhookBytesMax = 25 * 1024 * 1024;

export const inboundStateNames = ["received", "read", "duplicate", "unreadable"] as const;

const id = z.string("wrong-type").max(64, "invalid");

/** What of a connection's log is shown. */
export const searchWebhooksInput = z.strictObject({
  event: z.string("wrong-type").trim().max(100, "too-long").optional().meta({ description: "The product's name of what happened, e.g. `jira.issue.created`" }),
  state: z.enum(inboundStateNames, "not-an-option").optional(),
  text: z.string("wrong-type").trim().max(200, "too-long").optional().meta({ description: "Part of the key, the summary or a name" }),
  entity: z.string("wrong-type").trim().max(200, "too-long").optional().meta({ description: "What it is about, e.g. `issue:10042`" }),
  from: instantInput.optional().meta({ description: "Received at this instant or later" }),
  to: instantInput.optional().meta({ description: "Received before this instant" }),
  cursor: id.optional(),
  limit: z.coerce.number("wrong-type").int("wrong-type").min(1, "too-short").max(100, "too-long").default(50),
});
export type SearchWebhooksInput = z.output<typeof searchWebhooksInput>;

/** Either some by id, or all that came in a range of time. */
export const replayWebhooksInput = z.union([
  z.strictObject({ ids: z.array(id, "wrong-type").min(1, "required").max(1000, "too-many") }),
  z.strictObject({ from: instantInput, to: instantInput }),
]);
export type ReplayWebhooksInput = z.input<typeof replayWebhooksInput>;
