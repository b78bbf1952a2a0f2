import { Temporal } from "temporal-polyfill";

/** Every zone that this runtime knows. */
export const zones = Intl.supportedValuesOf("timeZone");

/** The instants at which the clocks of a zone change in some years. */
export function changesOf(zone: string): number[] {
  const changes: number[] = [];
  let moment: Temporal.ZonedDateTime | null = Temporal.ZonedDateTime.from({ timeZone: zone, year: 2030, month: 1, day: 1 });
  while (moment) {
    moment = moment.getTimeZoneTransition("next");
    if (!moment || moment.year > 2031) break;
    changes.push(moment.epochMilliseconds);
  }
  return changes;
}
