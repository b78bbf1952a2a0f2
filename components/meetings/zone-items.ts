import type { ComboboxItem } from "@/components/ui/combobox";
import { cityOf, offsetOf } from "@/lib/platform/i18n/formats";

/**
 * Every zone by city, with its offset on the day in question, west to east within the alphabet of cities. `extra` names zones that
 * must be offered even where the engine calls them otherwise (`UTC`, or a browser's older spelling).
 */
export function zoneItems(locale: string, at: string, extra: string[]): ComboboxItem[] {
  const zones = [...new Set([...extra, ...Intl.supportedValuesOf("timeZone"), "UTC"])].filter((zone) => !zone.startsWith("Etc/"));
  return zones
    .map((zone) => ({ value: zone, label: cityOf(zone), detail: offsetOf(zone, at, locale) }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}
