import { z } from "zod";
import { bundleTypes, notificationTypes } from "../catalog";
import { channelNames } from "../inputs";

/** How far back the page looks; the API says from when to when. */
export const windows = { "1h": 1, "24h": 24, "7d": 7 * 24, "30d": 30 * 24 } as const;
export const windowNames = ["1h", "24h", "7d", "30d"] as const;

export const deliveryStateNames = ["pending", "held", "sending", "sent", "failed", "skipped", "merged"] as const;
export const deliveryTypes = [...notificationTypes, ...bundleTypes] as const;

const instant = z.iso.datetime({ offset: true, error: "malformed" });

export const searchDeliveriesInput = z.strictObject({
  person: z.string("wrong-type").trim().max(254, "too-long").optional().meta({ description: "A part of a member's name or address, or a whole address of somebody without an account" }),
  type: z.enum(deliveryTypes, "not-an-option").optional(),
  channel: z.enum(channelNames, "not-an-option").optional(),
  state: z.enum(deliveryStateNames, "not-an-option").optional(),
  notification: z.string("wrong-type").max(64, "invalid").optional().meta({ description: "Id of one notification" }),
  from: instant.optional().meta({ description: "Planned at this instant or later" }),
  to: instant.optional().meta({ description: "Planned before this instant" }),
  cursor: z.string("wrong-type").max(64, "invalid").optional(),
  limit: z.coerce.number("wrong-type").int("wrong-type").min(1, "too-short").max(100, "too-long").default(50),
});
export type SearchDeliveriesInput = z.output<typeof searchDeliveriesInput>;

/** A TypeID as `isId` knows it, which needs more than a browser has. */
const idPattern = (prefix: string) => new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`);

/** The page's own form: a window instead of instants, and what is left empty is not asked. */
export const consoleSearchInput = z.object({
  // PostgreSQL holds no U+0000, so nobody can be found by it.
  person: z.string().trim().max(254).regex(/^[^\u0000]*$/).catch(""),
  type: z.enum(deliveryTypes).or(z.literal("")).catch(""),
  channel: z.enum(channelNames).or(z.literal("")).catch(""),
  state: z.enum(deliveryStateNames).or(z.literal("")).catch(""),
  within: z.enum(windowNames).catch("7d"),
  notification: z.string().regex(idPattern("ntf")).catch(""),
  cursor: z.string().regex(idPattern("dlv")).catch(""),
});
export type ConsoleSearch = z.output<typeof consoleSearchInput>;

export const listAttemptsInput = z.strictObject({
  cursor: z.string("wrong-type").max(64, "invalid").optional(),
  limit: z.coerce.number("wrong-type").int("wrong-type").min(1, "too-short").max(100, "too-long").default(50),
});
export type ListAttemptsInput = z.output<typeof listAttemptsInput>;

export const replayDeliveryInput = z.strictObject({ deliveryId: z.string("wrong-type").max(64, "invalid") });

export const replayEventInput = z.strictObject({ eventId: z.string("wrong-type").max(64, "invalid") });
