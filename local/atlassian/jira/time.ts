const formats = new Map<string, Intl.DateTimeFormat>();

function partsIn(zone: string, at: number): Record<string, string> {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "longOffset",
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** `2026-11-21T22:05:11.042+0900`: Jira's own form, in the zone of whoever asks. */
export function jiraTime(at: number, zone: string): string {
  const { year, month, day, hour, minute, second, timeZoneName } = partsIn(zone, at);
  const offset = /GMT([+-]\d{2}):(\d{2})/.exec(timeZoneName ?? "");
  const milliseconds = String(Math.floor(at) % 1_000).padStart(3, "0");
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset ? `${offset[1]}${offset[2]}` : "+0000"}`;
}

/** How far the zone is ahead of UTC at an instant. */
function offsetMs(zone: string, at: number): number {
  const { year, month, day, hour, minute, second } = partsIn(zone, at);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) - Math.floor(at / 1_000) * 1_000;
}

/** The instant of a wall-clock time in a zone. JQL's dates are in the zone of the profile that asks. */
export function instantOf(wall: { year: number; month: number; day: number; hour: number; minute: number }, zone: string): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  const guess = asUtc - offsetMs(zone, asUtc);
  return asUtc - offsetMs(zone, guess);
}

/** Midnight at the start of the day that `at` falls in. */
export function startOfDay(at: number, zone: string, plusDays = 0): number {
  const { year, month, day } = partsIn(zone, at);
  return instantOf({ year: Number(year), month: Number(month), day: Number(day) + plusDays, hour: 0, minute: 0 }, zone);
}
