import { criticalCategories, productDefaults, type Category, type PreferenceChannel, type PreferenceValue } from "../inputs";
import type { Choice, Standing } from "../rules";
import { knownZone, localDateAt, wallClockMs } from "../wall-clock";
import type { MuteChoice } from "./inputs";

export const isCritical = (category: Category) => criticalCategories.includes(category);

/** Told once, or never by mail and push, so that there is nothing that could be kept away. */
const toldOnce: ReadonlySet<string> = new Set(["notification.published", "member.joined", "member.invited", "account.unlinked", "article.liked"]);

/** Whether a mute of its thread would keep anything away. */
export const canBeMuted = (type: string, category: string) => !toldOnce.has(type) && !criticalCategories.some((critical) => critical === category);

/** One stored choice: of the organization (no member), of a member, or of a member for one workspace. */
export interface Chosen {
  level: "organization" | "mine" | "workspace";
  category: Category;
  channel: PreferenceChannel;
  value: PreferenceValue;
}

/** The levels that a choice can come from, weakest first. */
const levels = ["organization", "mine", "workspace"] as const;

/** What applies to one category on one channel: the strongest level that says something, else the product's default. */
export function effective(category: Category, channel: PreferenceChannel, chosen: readonly Chosen[]): Choice {
  const value = productDefaults[category][channel];
  // What was stored before a category became critical no longer counts.
  if (isCritical(category)) return { value, source: "critical" };
  const said = chosen.filter((one) => one.category === category && one.channel === channel);
  const strongest = said.sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level))[0];
  return strongest ? { value: strongest.value, source: strongest.level } : { value, source: "default" };
}

export function effectiveChoices(category: Category, chosen: readonly Chosen[]): Record<PreferenceChannel, Choice> {
  return { inbox: effective(category, "inbox", chosen), email: effective(category, "email", chosen), push: effective(category, "push", chosen) };
}

/** What applies to somebody who has chosen nothing. */
export function standingByDefault(category: Category): Standing {
  return {
    timeZone: "UTC",
    muted: false,
    mutedUntil: null,
    quietHours: null,
    digestTime: "08:00",
    digestWeekday: 1,
    choices: effectiveChoices(category, []),
    threadMuted: false,
    mailStopped: null,
    hasDevice: false,
  };
}

/** When people are up again: a mute "until tomorrow" must not end at midnight, when what was held would wake them. */
const morning = "08:00";

/** What a tap on one of the mutes comes to. `tomorrow` is the next day of the calendar on the member's own wall. */
export function muteOf(choice: MuteChoice, timeZone: string, now: Date): { muted: boolean; mutedUntil: Date | null } {
  const zone = knownZone(timeZone);
  switch (choice) {
    case "hour":
      return { muted: false, mutedUntil: new Date(now.getTime() + 3_600_000) };
    case "tomorrow":
      return { muted: false, mutedUntil: new Date(wallClockMs(localDateAt(now, zone).add({ days: 1 }), morning, zone)) };
    case "always":
      return { muted: true, mutedUntil: null };
    case "off":
      return { muted: false, mutedUntil: null };
  }
}

/** How many mails a week each value comes to, by what came in the last weeks. */
export interface MailsAWeek {
  on: number;
  daily: number;
  weekly: number;
}

export const estimatedWeeks = 4;

/** `days` and `weeks` are those in which anything came: a digest of nothing is not sent. */
export function mailsAWeek({ count, days, weeks }: { count: number; days: number; weeks: number }): MailsAWeek {
  return { on: rounded(count), daily: rounded(days), weekly: rounded(weeks) };
}

/** Something that came once in the weeks looked at is not nothing. */
const rounded = (count: number) => (count === 0 ? 0 : Math.max(1, Math.round(count / estimatedWeeks)));
