import { z } from "zod";
import type { NotificationType } from "../catalog";
import { bulkCategories, categories, personalCategories, type Category, type PreferenceValue } from "../inputs";
import { effective } from "../preferences/rules";

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
 * Types that a muted thread still mails to people without an account: what takes the meeting out of their calendar. Whoever is tired of
 * a meeting's changes must not sit in an empty room for it. Members read it in their inbox.
 */
export const passesMute = (type: string) => type === "meeting.cancelled" || type === "meeting.removed";

/** What a mail offers to mute with one click; null where a mute would keep nothing like it away. */
export function offersMute(type: NotificationType): "meeting" | "article" | null {
  if (type === "article.published" || type === "comment.added" || type === "comment.replied") return "article";
  return type.startsWith("meeting.") && !passesMute(type) ? "meeting" : null;
}

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

/** One stored choice of the reader for mail; without a workspace it holds everywhere. */
export interface MailChoice {
  category: Category;
  workspaceId: string | null;
  value: PreferenceValue;
}

/**
 * What must be stored so that nothing in `scope` is mailed any more. Choices for single workspaces are stronger than the general one,
 * so each is changed. Out of a digest, what is addressed to one person comes at once again instead of never: a digest's click must not
 * end that with the rest.
 */
export function choicesToLeave(scope: LeaveScope, own: MailChoice[], organization: MailChoice[]): MailChoice[] {
  if ("categories" in scope) {
    return scope.categories.flatMap((category) => [
      { category, workspaceId: null, value: "off" as const },
      ...own.filter((choice) => choice.category === category && choice.workspaceId !== null).map((choice) => ({ ...choice, value: "off" as const })),
    ]);
  }
  const general = categories.filter((category) => generalValue(category, own, organization) === scope.digest).map((category) => ({ category, workspaceId: null }));
  const special = own.filter(({ workspaceId, value }) => workspaceId !== null && value === scope.digest);
  return [...general, ...special].map(({ category, workspaceId }) => ({ category, workspaceId, value: staysAlone(category) ? "on" : "off" }));
}

const staysAlone = (category: Category) => personalCategories.includes(category) || !bulkCategories.includes(category);

/** True when nothing in `scope` is mailed to them. */
export function hasLeft(scope: LeaveScope, own: MailChoice[], organization: MailChoice[]): boolean {
  const wanted = choicesToLeave(scope, own, organization);
  if ("digest" in scope) return wanted.length === 0;
  return wanted.every(({ category, workspaceId }) =>
    workspaceId === null
      ? generalValue(category, own, organization) === "off"
      : own.some((choice) => choice.category === category && choice.workspaceId === workspaceId && choice.value === "off"),
  );
}

/** What applies to mail of a category outside of any workspace's own choice. */
export function generalValue(category: Category, own: MailChoice[], organization: MailChoice[]): PreferenceValue {
  const chosen = [
    ...organization.map((choice) => ({ ...choice, level: "organization" as const })),
    ...own.filter(({ workspaceId }) => workspaceId === null).map((choice) => ({ ...choice, level: "mine" as const })),
  ];
  return effective(category, "email", chosen.map((choice) => ({ ...choice, channel: "email" as const }))).value;
}
