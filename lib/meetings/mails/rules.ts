import { changesBetween, type Change } from "../rules";
import type { ToldState } from "../tables";

export type SkipReason = "nothing-changed" | "never-told" | "removed" | "cancelled" | "declined" | "over" | "moved";
export type MailKind = "invited" | "updated" | "cancelled" | "removed";

/**
 * What one person is still to be told: the difference between what they were told last and how things stand now. Because it looks
 * at states and not at events, several changes become one mail, a change taken back becomes none, and a person who never heard of a
 * meeting is not told that it was cancelled. Pure.
 */
export function mailOwed(told: ToldState | null, now: ToldState): { kind: MailKind; changes: Change[] } | { kind: "skip"; reason: SkipReason } {
  const knowsIt = told?.status === "confirmed";
  if (now.status !== "confirmed") return knowsIt ? { kind: now.status, changes: [] } : { kind: "skip", reason: "never-told" };
  if (!knowsIt) return { kind: "invited", changes: [] };
  const changes = changesBetween(asVisible(told), asVisible(now));
  return changes.length > 0 ? { kind: "updated", changes } : { kind: "skip", reason: "nothing-changed" };
}

const asVisible = (state: ToldState) => ({ ...state, startsAt: new Date(state.startsAt), endsAt: new Date(state.endsAt) });
