import type { Category, ChannelName, PreferenceChannel, PreferenceValue } from "./inputs";
import { nextDigest } from "./digests/rules";
import { quietUntil, type QuietHours } from "./quiet-hours/rules";

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

type Verdict =
  | { verdict: "now" }
  | { verdict: "hold"; why: "quiet-hours" | "mute"; until: string }
  | { verdict: "digest"; every: "daily" | "weekly"; until: string }
  | { verdict: "skip"; why: SkipReason };

/** What becomes of one notification on one channel for one person. Instants as ISO text, because it is stored as the receipt. */
export type Decision = Verdict & { source: Source };

export type Decisions = Record<PreferenceChannel, Decision>;

/** What `decide` needs to know of the notification. */
export interface Matter {
  category: Category;
  /** Channels the catalog (or whoever published it) offers. */
  channels: readonly ChannelName[];
  expiresAt: Date | null;
}

/** Whose choice a way to travel follows: what is kept in the inbox is shown live. */
export const preferenceOf: Record<ChannelName, PreferenceChannel> = { realtime: "inbox", email: "email", push: "push" };

/** What becomes of one notification on each channel for one person. Pure: everything it looks at is in its arguments. */
export function decide(matter: Matter, standing: Standing, now: Date): Decisions {
  const one = (channel: PreferenceChannel): Decision => ({ ...verdict(channel, matter, standing, now), source: standing.choices[channel].source });
  return { inbox: one("inbox"), email: one("email"), push: one("push") };
}

const skip = (why: SkipReason): Verdict => ({ verdict: "skip", why });

/**
 * The order is the point: the first reason that applies is the one the reader is told.
 * @param gatheredFor the digest that this was gathered for, when it is the one that leaves now.
 */
function verdict(channel: PreferenceChannel, matter: Matter, standing: Standing, now: Date, gatheredFor: Held["hold"] | null = null): Verdict {
  const { value, source } = standing.choices[channel];
  const critical = source === "critical";
  if (!matter.channels.some((offered) => preferenceOf[offered] === channel)) return skip("not-offered");
  if (channel === "email" && standing.mailStopped) return skip(standing.mailStopped);
  if (!critical && value === "off") return skip("off");
  if (channel === "push" && !standing.hasDevice) return skip("no-device");
  if (!critical && channel !== "inbox" && standing.threadMuted) return skip("thread-muted");
  if (isOver(matter, now)) return skip("too-late");
  // The inbox interrupts nobody, and what is critical waits for nobody.
  if (critical || channel === "inbox") return { verdict: "now" };
  if (standing.muted) return skip("muted");
  const gathers = (value === "daily" || value === "weekly") && value !== gatheredFor;
  const waiting = gathers ? gathered(value, standing, now) : silenced(standing, now);
  if (!waiting) return { verdict: "now" };
  return isOver(matter, new Date(waiting.until)) ? skip("too-late") : waiting;
}

const isOver = ({ expiresAt }: Matter, at: Date) => expiresAt !== null && expiresAt <= at;

/** Until when somebody is not to be interrupted; null when they may be. A mute that ends in quiet hours lasts as long as they do. */
function silenced(standing: Standing, at: Date): Extract<Verdict, { verdict: "hold" }> | null {
  const muted = standing.mutedUntil && standing.mutedUntil > at ? standing.mutedUntil : null;
  const quiet = standing.quietHours && quietUntil(standing.quietHours, standing.timeZone, muted ?? at);
  if (quiet) return { verdict: "hold", why: "quiet-hours", until: quiet.toISOString() };
  return muted && { verdict: "hold", why: "mute", until: muted.toISOString() };
}

function gathered(every: "daily" | "weekly", standing: Standing, at: Date): Extract<Verdict, { verdict: "digest" }> {
  const digest = nextDigest({ every, time: standing.digestTime, weekday: standing.digestWeekday }, standing.timeZone, at);
  return { verdict: "digest", every, until: silenced(standing, digest)?.until ?? digest.toISOString() };
}

/** A delivery that waits for its reader. */
export interface Held {
  channel: "email" | "push";
  hold: "quiet-hours" | "mute" | "daily" | "weekly";
  deliverAfter: Date;
}

/** Whether the hour of the digest that something was gathered for is over, so that it waits only for its reader's silence to end. */
export function digestIsOver(hold: Held["hold"], since: Date, standing: Standing, now: Date): boolean {
  if (hold !== "daily" && hold !== "weekly") return false;
  return nextDigest({ every: hold, time: standing.digestTime, weekday: standing.digestWeekday }, standing.timeZone, since) <= now;
}

export type Reconsidered =
  | { verdict: "release" }
  | { verdict: "hold"; hold: Held["hold"]; until: Date }
  | { verdict: "skip"; why: SkipReason };

/**
 * What becomes of something held when its time has come, or when its reader has changed their mind: the same rules, except that a
 * digest whose time has come is not put off to the next one.
 */
export function reconsider(matter: Matter, standing: Standing, held: Held, now: Date): Reconsidered {
  const due = held.deliverAfter <= now ? held.hold : null;
  const decision = verdict(held.channel, matter, standing, now, due);
  switch (decision.verdict) {
    case "now":
      return { verdict: "release" };
    case "skip":
      return decision;
    case "hold":
      // A digest that has to wait for the end of the quiet hours is still a digest.
      return { verdict: "hold", hold: due === "daily" || due === "weekly" ? due : decision.why, until: new Date(decision.until) };
    case "digest":
      return { verdict: "hold", hold: decision.every, until: new Date(decision.until) };
  }
}

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair; one in a name must not cost everybody else their notification. */
const storableText = (words: string) => words.replace(/[\u0000\p{Cs}]/gu, "\uFFFD");

export function storable(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), storable(inner)]));
  }
  return value;
}
