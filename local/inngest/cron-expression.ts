import { CronExpressionParser } from "cron-parser";

const ZONE = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/;

function parse(text: string, from: number) {
  const [, zone, fields] = ZONE.exec(text.trim()) ?? [undefined, "UTC", text.trim()];
  return CronExpressionParser.parse(fields ?? "", { tz: zone ?? "UTC", currentDate: new Date(from) });
}

/** Why a trigger such as "TZ=Europe/Paris 0 9 * * 1" cannot be kept, or undefined. */
export function cronProblem(text: string): string | undefined {
  const fields = (ZONE.exec(text.trim())?.[2] ?? text.trim()).split(/\s+/);
  // Hosted Inngest knows minutes at the finest: what would stop working there is not accepted here.
  if (fields.length !== 5 && !fields[0]?.startsWith("@")) return `cron "${text}": five fields are expected`;
  try {
    parse(text, 0).next();
    return undefined;
  } catch (error) {
    return `cron "${text}": ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The first tick after `from` (epoch ms). */
export function nextTick(text: string, from: number): number {
  return parse(text, from).next().getTime();
}

/** The newest tick at or before `until`: after a time without the engine the missed ticks are one. */
export function latestTick(text: string, until: number): number {
  return parse(text, until + 1).prev().getTime();
}
