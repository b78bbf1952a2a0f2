import { criticalCategories, productDefaults, type Category, type PreferenceChannel, type PreferenceValue } from "../inputs";
import type { Choice, Standing } from "../rules";

export const isCritical = (category: Category) => criticalCategories.includes(category);

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
