import { z } from "zod";
import { bulkCategories, categories, type Category } from "../inputs";
import type { NotificationType } from "../catalog";

/** What one link stops: a digest with all that is in it, or some categories. */
export type LeaveScope = { digest: "daily" | "weekly" } | { categories: Category[] };

/** Who leaves what. `recipient` is a member id, or the address of a person without an account. */
export interface Leave {
  organizationId: string;
  recipient: string;
  scope: LeaveScope;
}

/** Who wants to hear no more of one thread, e.g. a meeting. */
export interface Mute {
  organizationId: string;
  recipient: string;
  thread: string;
}

/** What may be left with the link in a mail; null for mail that is no bulk mail. `covered` are the categories that a bundle gathers. */
export function leaveScopeOf(type: NotificationType, category: Category, covered: Category[]): LeaveScope | null {
  if (type === "bundle.daily") return { digest: "daily" };
  if (type === "bundle.weekly") return { digest: "weekly" };
  const bulk = [...new Set(type === "bundle.released" ? covered : [category])].filter((one) => bulkCategories.includes(one));
  return bulk.length > 0 ? { categories: bulk } : null;
}

/**
 * Types that a muted thread still sends: what takes the meeting out of a calendar. Whoever is tired of a meeting's changes must not sit
 * in an empty room for it.
 */
export const passesMute = (type: NotificationType) => type === "meeting.cancelled" || type === "meeting.removed";

/** Mails that offer to mute their thread. */
export const offersMute = (type: NotificationType) => type.startsWith("meeting.") && !passesMute(type);

const leaveSubject = z.tuple([z.string(), z.string(), z.string()]);

export const leaveSubjectOf = ({ organizationId, recipient, scope }: Leave): string =>
  JSON.stringify([organizationId, recipient, "digest" in scope ? scope.digest : scope.categories.join(" ")]);

/** @throws when it is no such subject: only a link that we signed for another purpose in the past could bring one. */
export function leaveOf(subject: string): Leave {
  const [organizationId, recipient, words] = leaveSubject.parse(JSON.parse(subject));
  if (words === "daily" || words === "weekly") return { organizationId, recipient, scope: { digest: words } };
  // A category that a later version no longer knows is not there to be left.
  return { organizationId, recipient, scope: { categories: categories.filter((category) => words.split(" ").includes(category)) } };
}

export const muteSubjectOf = ({ organizationId, recipient, thread }: Mute): string => JSON.stringify([organizationId, recipient, thread]);

export function muteOf(subject: string): Mute {
  const [organizationId, recipient, thread] = leaveSubject.parse(JSON.parse(subject));
  return { organizationId, recipient, thread };
}
