import { calendarTypes } from "../catalog";
import { reconsider, type Held, type Matter, type SkipReason, type Standing } from "../rules";

/** Something whose time has come, and everything that decides what becomes of it. */
export interface DueItem extends Held {
  id: string;
  /** The member, or the device of a push. */
  recipient: string;
  memberId: string;
  type: string;
  category: Matter["category"];
  workspaceId: string | null;
  thread: string;
  occurredAt: Date;
  expiresAt: Date | null;
  /** Its reader saw it meanwhile. */
  seen: boolean;
  memberRemoved: boolean;
}

export type Kind = "released" | "daily" | "weekly";

/** Items that reach one reader together, as one mail or one push to one device. */
export interface Bundle {
  kind: Kind;
  items: [DueItem, ...DueItem[]];
}

export interface Release {
  /** No longer to be said, each with why. */
  dropped: { id: string; why: SkipReason | "read" | "member-removed" }[];
  /** Not now after all. */
  heldOn: { id: string; hold: Held["hold"]; until: Date }[];
  /** Go as what they are. */
  alone: string[];
  bundles: Bundle[];
}

/**
 * What becomes of what was held for some members, as they stand now. A digest is a bundle however little is in it; of what quiet hours
 * or a mute kept back, one thing is itself and several are one bundle. A calendar reads one event a mail, so mails that carry one are
 * never gathered.
 */
export function release(items: DueItem[], standingOf: (item: DueItem) => Standing, now: Date): Release {
  const outcome: Release = { dropped: [], heldOn: [], alone: [], bundles: [] };
  const groups = new Map<string, Bundle>();
  for (const item of items) {
    const verdict = verdictOn(item, standingOf(item), now);
    if (verdict.verdict === "skip") outcome.dropped.push({ id: item.id, why: verdict.why });
    else if (verdict.verdict === "hold") outcome.heldOn.push({ id: item.id, hold: verdict.hold, until: verdict.until });
    else if (item.channel === "email" && calendarTypes.has(item.type)) outcome.alone.push(item.id);
    else {
      const key = `${item.memberId} ${item.channel} ${item.recipient} ${verdict.kind}`;
      const group = groups.get(key);
      if (group) group.items.push(item);
      else groups.set(key, { kind: verdict.kind, items: [item] });
    }
  }
  for (const bundle of groups.values()) {
    if (bundle.kind === "released" && bundle.items.length === 1) outcome.alone.push(bundle.items[0].id);
    else outcome.bundles.push(bundle);
  }
  return outcome;
}

type Verdict =
  | { verdict: "skip"; why: Release["dropped"][number]["why"] }
  | { verdict: "hold"; hold: Held["hold"]; until: Date }
  | { verdict: "release"; kind: Kind };

function verdictOn(item: DueItem, standing: Standing, now: Date): Verdict {
  if (item.memberRemoved) return { verdict: "skip", why: "member-removed" };
  if (item.seen) return { verdict: "skip", why: "read" };
  const again = reconsider({ ...item, channels: [item.channel] }, standing, item, now);
  if (again.verdict !== "release") return again;
  // Whoever has left the digest meanwhile gets what is left of it as what it is.
  const digest = item.hold === "daily" || item.hold === "weekly" ? item.hold : null;
  return { verdict: "release", kind: digest && standing.choices[item.channel].value === digest ? digest : "released" };
}
