import type { PushMark } from "./push-subscription";

export interface Seen {
  organization: string;
  personId: string;
  /** As the server counts days; a browser that changed nothing says once a day that it is still there. */
  today: string;
  /** What the browser holds now; null when it lost it. */
  subscription: { endpoint: string; ofTodaysKey: boolean } | null;
}

/**
 * What to do about this browser's subscription when a page opens. `forget` is for another person than the one who turned it on, and
 * `renew` for a subscription that the browser lost or that belongs to an earlier key.
 */
export function upkeep(mark: PushMark | null, seen: Seen): "nothing" | "forget" | "renew" | "replace" | "follow" {
  const { subscription } = seen;
  if (mark && mark.personId !== seen.personId) return "forget";
  if (!subscription) return mark ? "renew" : "nothing";
  if (!mark) return "follow";
  if (!subscription.ofTodaysKey) return "renew";
  if (mark.endpoint !== subscription.endpoint) return "replace";
  return mark.organization === seen.organization && mark.checkedOn === seen.today ? "nothing" : "follow";
}
