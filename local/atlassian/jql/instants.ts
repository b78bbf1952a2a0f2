import { instantOf, startOfDay } from "../jira/time";
import type { Asker } from "./asker";
import { JqlError } from "./lexer";
import type { Operand } from "./parser";

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const days: Record<string, number> = { startofday: 0, endofday: 1 };

/** `-90m`, `2026/11/21 09:30`, `now()`, `startOfDay(-1)`. */
export function instantFor(name: string, operand: Operand, { account, now }: Asker): number {
  if (operand.kind === "function") {
    const called = operand.name.toLowerCase();
    if (called === "now") return now;
    const plus = days[called];
    if (plus === undefined) throw new JqlError(`Unable to find JQL function '${operand.name}(${operand.args.join(", ")})'.`);
    return startOfDay(now, account.timeZone, plus + Number(operand.args[0]?.replace(/d$/, "") ?? 0)) - plus;
  }
  const value = operand.kind === "value" ? operand.text.trim() : "";
  const relative = /^([+-]?(?:\d+[wdhm]\s*)+)$/.exec(value);
  if (relative) {
    const sign = value.startsWith("-") ? -1 : 1;
    return now + sign * [...value.matchAll(/(\d+)([wdhm])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ""] ?? 0), 0);
  }
  const wall = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:\s+(\d{1,2}):(\d{2}))?$/.exec(value);
  if (!wall) {
    throw new JqlError(`Date value '${value}' for field '${name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`);
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = wall.slice(1).map((part) => Number(part ?? 0));
  return instantOf({ year, month, day, hour, minute }, account.timeZone);
}
