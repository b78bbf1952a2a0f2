import { cityOf, offsetOf } from "./formats";

export interface ZoneOption {
  value: string;
  label: string;
}

/** Every zone by its region and city, with its distance from UTC at `at`. `kept` is listed even if this runtime spells it otherwise. */
export function zoneOptions(locale: string, at: Date, kept?: string): ZoneOption[] {
  const names = new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), ...(kept ? [kept] : [])]);
  return [...names].map((value) => ({ value, label: `${regionOf(value)}${cityOf(value)} (${offsetOf(value, at, locale)})` }));
}

const regionOf = (zone: string) => (zone.includes("/") ? `${zone.slice(0, zone.indexOf("/"))} / ` : "");
