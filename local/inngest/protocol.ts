/** The step id of a discovery call, as the SDK names it. */
export const DISCOVERY = "step";

export const INVOKED = "inngest/function.invoked";
export const SCHEDULED = "inngest/scheduled.timer";

export const LIFECYCLE = {
  failed: "inngest/function.failed",
  finished: "inngest/function.finished",
  cancelled: "inngest/function.cancelled",
} as const;

/** The limits of hosted Inngest: what would fail there fails here too, and names the limit. */
export const LIMITS = {
  stepOutputBytes: 4 * 1024 * 1024,
  stateBytes: 32 * 1024 * 1024,
  stepsARun: 1000,
  waitMs: 366 * 86_400_000,
  signalLength: 512,
} as const;

/** An error in the shape that the SDK serializes and reads. */
export function errorText(name: string, message: string): string {
  return JSON.stringify({ name, message });
}
