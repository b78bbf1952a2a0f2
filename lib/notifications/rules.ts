import type { Category, ChannelName, PreferenceChannel, PreferenceValue } from "./inputs";
import type { Recipient, Told } from "./catalog";
import type { QuietHours } from "./quiet-hours/rules";

/** Which level a choice comes from; the first that says something wins, from the last to the first of this list. */
export type Source = "default" | "organization" | "mine" | "workspace" | "critical";

export interface Choice {
  value: PreferenceValue;
  source: Source;
}

/** Where one person stands towards one notification: everything that `decide` looks at. */
export interface Standing {
  /** IANA name, of their profile. One that the runtime does not know counts as UTC. */
  timeZone: string;
  muted: boolean;
  mutedUntil: Date | null;
  quietHours: QuietHours | null;
  /** Local wall clock, `HH:MM`. */
  digestTime: string;
  /** ISO 8601: 1 is Monday. */
  digestWeekday: number;
  /** What they chose for this category, or what applies without a choice. */
  choices: Record<PreferenceChannel, Choice>;
  threadMuted: boolean;
  /** Their address takes no mail. */
  mailStopped: "bounce" | "complaint" | null;
  /** Whether any device of theirs is active in this place. */
  hasDevice: boolean;
}

/** Why a channel is left out. Each has a sentence in `messages/<locale>/receipts.json`, with a link to the switch behind it. */
export type SkipReason = "off" | "muted" | "thread-muted" | "not-offered" | "no-device" | "no-address" | "bounce" | "complaint" | "too-late";

/** What becomes of one notification on one channel for one person. Instants as ISO text, because it is stored as the receipt. */
export type Decision =
  | { verdict: "now"; source: Source }
  | { verdict: "hold"; source: Source; why: "quiet-hours" | "mute"; until: string }
  | { verdict: "digest"; source: Source; every: "daily" | "weekly"; until: string }
  | { verdict: "skip"; source: Source; why: SkipReason };

export type Decisions = Record<PreferenceChannel, Decision>;

/** What `decide` needs to know of the notification. */
export interface Matter {
  category: Category;
  /** Channels the catalog (or whoever published it) offers. */
  channels: readonly ChannelName[];
  expiresAt: Date | null;
}

const preferenceOf: Record<ChannelName, PreferenceChannel> = { realtime: "inbox", email: "email", push: "push" };

/** What becomes of one notification on each channel for one person. Pure: everything it looks at is in its arguments. */
export function decide(matter: Matter, standing: Standing, now: Date): Decisions {
  const offered = new Set(matter.channels.map((channel) => preferenceOf[channel]));
  const one = (channel: PreferenceChannel): Decision => {
    const { value, source } = standing.choices[channel];
    if (!offered.has(channel)) return { verdict: "skip", source, why: "not-offered" };
    if (value === "off" && source !== "critical") return { verdict: "skip", source, why: "off" };
    if (channel === "push" && !standing.hasDevice) return { verdict: "skip", source, why: "no-device" };
    if (matter.expiresAt && matter.expiresAt <= now) return { verdict: "skip", source, why: "too-late" };
    return { verdict: "now", source };
  };
  return { inbox: one("inbox"), email: one("email"), push: one("push") };
}

export interface PlannedReceiver {
  memberId: string;
  /** False when they keep this category out of their inbox. */
  shown: boolean;
  decisions: Decisions;
}

export interface PlannedDelivery {
  channel: ChannelName;
  /** Member id, device id, or the address of a person without an account. */
  recipient: string;
  memberId: string | null;
  participantId: string | null;
  email: string | null;
  mergeKey: string | null;
  hold: "quiet-hours" | "mute" | "daily" | "weekly" | null;
  deliverAfter: Date;
}

export interface Plan {
  receivers: PlannedReceiver[];
  deliveries: PlannedDelivery[];
}

/**
 * Who of some named people is told on which channel and when, and why not. Nobody is told about what they did themselves; a person
 * named twice is told once.
 */
export function plan(told: Told, recipients: Recipient[], standingOf: (memberId: string) => Standing, now: Date): Plan {
  const people = onceEach(recipients.filter(({ memberId }) => memberId === null || memberId !== told.actorId));
  const later = new Date(now.getTime() + told.mergeSeconds * 1000);
  const planned: Plan = { receivers: [], deliveries: [] };
  for (const person of people) {
    const base = { recipient: nameOf(person), memberId: person.memberId, participantId: person.participantId, email: person.email };
    if (person.memberId === null) {
      if (!told.channels.includes("email") || person.email === null) continue;
      planned.deliveries.push({ ...base, channel: "email", mergeKey: told.mergeKeyOf(person), hold: null, deliverAfter: later });
      continue;
    }
    const decisions = decide(told, standingOf(person.memberId), now);
    planned.receivers.push({ memberId: person.memberId, shown: decisions.inbox.verdict !== "skip", decisions });
    for (const channel of told.channels) {
      const decision = decisions[preferenceOf[channel]];
      if (channel === "push" || decision.verdict === "skip") continue;
      const waits = decision.verdict === "now" ? null : new Date(decision.until);
      planned.deliveries.push({
        ...base,
        channel,
        // Only mail piles up in front of its reader; the live badge always shows the newest state.
        mergeKey: channel === "email" ? told.mergeKeyOf(person) : null,
        hold: decision.verdict === "hold" ? decision.why : decision.verdict === "digest" ? decision.every : null,
        deliverAfter: waits ?? (channel === "email" ? later : now),
      });
    }
  }
  return planned;
}

const nameOf = ({ memberId, email }: Recipient) => memberId ?? email ?? "";

function onceEach(recipients: Recipient[]): Recipient[] {
  const byName = new Map<string, Recipient>();
  for (const recipient of recipients) if (nameOf(recipient) !== "") byName.set(nameOf(recipient), recipient);
  return [...byName.values()];
}

/** PostgreSQL stores no U+0000 in text or jsonb; one in a name must not cost everybody else their notification. */
export function storable(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\u0000", "\uFFFD");
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replaceAll("\u0000", "\uFFFD"), storable(inner)]));
  }
  return value;
}
