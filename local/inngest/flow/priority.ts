import { expression } from "../expression";
import type { EventPayload } from "../event";
import type { RegisteredFunction } from "../registry";

const BOUND_SECONDS = 600;

/** By how many seconds a run goes ahead of (or, negative, behind) others of its age. */
export function prioritySeconds(fn: RegisteredFunction, event: EventPayload): number {
  const source = fn.config.priority?.run;
  const seconds = source ? (expression(source, "event").number({ event }) ?? 0) : 0;
  return Math.trunc(Math.max(-BOUND_SECONDS, Math.min(BOUND_SECONDS, seconds)));
}
