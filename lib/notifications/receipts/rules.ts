import type { Decision } from "../rules";

/** Where the switch behind a decision is: a card of the notification settings, or the receipt's own card of its thread. */
export type Switch = "choices" | "quiet-hours" | "digests" | "devices" | "now" | "mail" | "thread";

/** Null where nothing that the reader could switch decided it. */
export function switchOf(decision: Decision): Switch | null {
  switch (decision.verdict) {
    case "now":
      return decision.source === "critical" ? null : "choices";
    case "hold":
      return decision.why === "quiet-hours" ? "quiet-hours" : "now";
    case "digest":
      return "digests";
    case "skip":
      return switchOfSkip(decision.why);
  }
}

function switchOfSkip(why: string): Switch | null {
  switch (why) {
    case "off":
      return "choices";
    case "muted":
      return "now";
    case "thread-muted":
      return "thread";
    case "no-device":
      return "devices";
    case "bounce":
    case "complaint":
    case "no-address":
      return "mail";
    default:
      return null;
  }
}

/**
 * Whether the reader may miss something by this decision. What the product never sends unless asked to, and a push without a device,
 * are nobody's loss: every line would have one.
 */
export const keptAway = (decision: Decision): boolean =>
  decision.verdict === "skip" && decision.why !== "not-offered" && decision.why !== "no-device" && !(decision.why === "off" && decision.source === "default");

/** Reasons for which a delivery was left out when its turn came; others are shown as they are. */
export const lateReasons = [
  "off",
  "muted",
  "thread-muted",
  "no-device",
  "no-address",
  "bounce",
  "complaint",
  "too-late",
  "read",
  "removed",
  "member-removed",
  "gone",
  "over",
  "cancelled",
  "declined",
  "moved",
  "never-told",
  "nothing-changed",
  "empty",
  "device-gone",
  "elsewhere",
  "unwritable",
  "disconnected",
  "mended",
  "linked",
  "resumed",
  "deleted",
  "archived",
  "unpublished",
  "no-access",
  "acknowledged",
  "withdrawn",
] as const;
export type LateReason = (typeof lateReasons)[number];

export const isLateReason = (reason: string | null): reason is LateReason => lateReasons.some((known) => known === reason);
