import { criticalCategories, productDefaults, type Category, type PreferenceChannel } from "../inputs";
import type { Choice, Standing } from "../rules";

/** What applies to somebody who has chosen nothing. */
export function standingByDefault(category: Category): Standing {
  const choice = (channel: PreferenceChannel): Choice => ({
    value: productDefaults[category][channel],
    source: criticalCategories.includes(category) ? "critical" : "default",
  });
  return {
    timeZone: "UTC",
    muted: false,
    mutedUntil: null,
    quietHours: null,
    digestTime: "08:00",
    digestWeekday: 1,
    choices: { inbox: choice("inbox"), email: choice("email"), push: choice("push") },
    threadMuted: false,
    mailStopped: null,
    hasDevice: false,
  };
}
