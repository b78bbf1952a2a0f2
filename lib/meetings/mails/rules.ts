import { reasonToDrop } from "../reminders/rules";
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

/** What a notification says of a meeting. */
export type Said = "invited" | "updated" | "removed" | "cancelled" | "responded" | "reminder";

/**
 * Why something said of a meeting holds no longer, or null while it does. For what tells nothing by itself, such as a push or a line of
 * a digest: mails decide by what their reader was told (`mailOwed`). Pure.
 * @param sequence the meeting's when it was said.
 */
export function reasonNotToSay(
  { said, sequence }: { said: Said; sequence: number },
  { meeting, attendee, now }: {
    meeting: { status: "confirmed" | "cancelled"; movedSequence: number; startsAt: Date; endsAt: Date };
    attendee: { removedAt: Date | null; partstat: string };
    now: Date;
  },
): SkipReason | "started" | null {
  if (said === "reminder") {
    const reason = reasonToDrop({ reminder: { sequence }, meeting, attendee, now });
    return reason === "superseded" ? "moved" : reason;
  }
  if (meeting.endsAt <= now) return "over";
  if (said === "cancelled" || said === "responded") return said === "responded" && meeting.status === "cancelled" ? "cancelled" : null;
  if (meeting.status === "cancelled") return "cancelled";
  if (said === "removed") return attendee.removedAt ? null : "nothing-changed";
  if (attendee.removedAt) return "removed";
  if (meeting.startsAt <= now) return "started";
  return sequence < meeting.movedSequence ? "moved" : null;
}
