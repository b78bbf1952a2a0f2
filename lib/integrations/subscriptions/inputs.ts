import { z } from "zod";
import { instantInput } from "@/lib/platform/instant-input";
import { subscriptionLimits, targets } from "./choices/inputs";

/** What happens in Moim itself that programs can subscribe to. */
export const productEvents = [
  "meeting.scheduled",
  "meeting.rescheduled",
  "meeting.cancelled",
  "meeting.responded",
  "meeting.starting",
  "member.invited",
  "member.joined",
  "member.removed",
  "connection.established",
  "connection.broken",
  "subscription.paused",
  "article.published",
  "article.updated",
  "article.deleted",
  "comment.added",
] as const;

const names = z.array(z.string("wrong-type").trim().min(1, "required").max(200, "too-long"), "wrong-type").max(50, "too-many").default([]);

/**
 * What an event must have to be told. An empty list says nothing about its field; all that say something must agree. Compared without
 * case: project keys, names of issue types and statuses, labels. `text` must stand in the key, the summary or the comment.
 */
export const eventFilterInput = z.strictObject({
  projects: names,
  issueTypes: names,
  statuses: names,
  /** Account ids over there; `me` is the owner's own account, `none` is nobody. */
  assignees: names,
  labels: names,
  text: z.string("wrong-type").trim().max(200, "too-long").default(""),
});
export type EventFilter = z.output<typeof eventFilterInput>;

const id = z.string("wrong-type").max(64, "invalid");
const event = z.string("wrong-type").trim().min(1, "required").max(100, "too-long");

const fields = {
  name: z.string("wrong-type").trim().min(1, "required").max(subscriptionLimits.name, "too-long"),
  connectionId: id.nullable().meta({ description: "Null for events of Moim itself, which only endpoints can subscribe to" }),
  events: z.array(event, "wrong-type").max(subscriptionLimits.events, "too-many").meta({ description: "The product's names; empty for every event of the connection" }),
  filter: eventFilterInput.prefault({}),
  target: z.enum(targets, "not-an-option"),
  memberIds: z.array(id, "wrong-type").max(subscriptionLimits.members, "too-many").meta({ description: "Whom to tell, with target `people`" }),
  workspaceId: id.nullable(),
  endpointId: id.nullable(),
};

export const subscriptionInput = z.strictObject({
  ...fields,
  events: fields.events.default([]),
  memberIds: fields.memberIds.default([]),
  workspaceId: fields.workspaceId.default(null),
  endpointId: fields.endpointId.default(null),
});
export type SubscriptionInput = z.output<typeof subscriptionInput>;

/** What is not sent stays as it is. */
export const changeSubscriptionInput = z
  .strictObject({ ...fields, filter: eventFilterInput, paused: z.boolean("wrong-type") })
  .partial()
  .refine((input) => Object.keys(input).length > 0, "nothing-to-change");
export type ChangeSubscriptionInput = z.output<typeof changeSubscriptionInput>;

/** A wish that is tried on what the log holds. With target `me`, what the member would have been told; otherwise, what matches. */
export const dryRunInput = z.strictObject({
  connectionId: id,
  events: fields.events.default([]),
  filter: fields.filter,
  target: fields.target.default("me"),
  days: z.int("wrong-type").min(1, "invalid").max(subscriptionLimits.days, "invalid").default(7),
});
export type DryRunInput = z.output<typeof dryRunInput>;

const instant = instantInput.transform((value) => new Date(value));

/** Events that were received from `from` on and before `to`. */
export const replaySubscriptionInput = z.strictObject({ from: instant, to: instant }).refine(({ from, to }) => from < to, { path: ["to"], error: "end-before-start" });
export type ReplaySubscriptionInput = z.output<typeof replaySubscriptionInput>;


export const suggestionsQuery = z.strictObject({ connection: id.meta({ description: "Whose projects, issue types, statuses and labels are suggested" }) });
