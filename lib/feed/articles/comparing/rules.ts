import { plainTextOf } from "../../document/rules";
import type { Content } from "../rules";

export interface ComparedLine {
  change: "same" | "added" | "removed";
  text: string;
}

/** As many pairs of lines are compared; beyond that everything between what both begin and end with counts as changed. */
const pairsMax = 4_000_000;

/** What one version has that another has not, line by line: the title, then each paragraph, heading, item or caption. */
export function compareContents(before: Content, after: Content): ComparedLine[] {
  return compareLines(linesOf(before), linesOf(after));
}

const linesOf = ({ title, document }: Content) => [title, ...plainTextOf(document).split("\n")];

export function compareLines(before: string[], after: string[]): ComparedLine[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const as = (change: ComparedLine["change"], lines: string[]) => lines.map((text) => ({ change, text }));
  return [
    ...as("same", before.slice(0, head)),
    ...between(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...as("same", before.slice(before.length - tail)),
  ];
}

/** By the longest sequence that both have in common. */
function between(before: string[], after: string[]): ComparedLine[] {
  const width = after.length + 1;
  const lines: ComparedLine[] = [];
  const bounded = before.length * after.length <= pairsMax;
  // common[i * width + j]: how many lines the rests from i and from j have in common.
  const common = new Uint32Array(bounded ? (before.length + 1) * width : 0);
  const at = (one: number, other: number) => common[one * width + other] ?? 0;
  if (bounded) {
    for (let one = before.length - 1; one >= 0; one -= 1) {
      for (let other = after.length - 1; other >= 0; other -= 1) {
        common[one * width + other] = before[one] === after[other] ? at(one + 1, other + 1) + 1 : Math.max(at(one + 1, other), at(one, other + 1));
      }
    }
  }
  let one = 0;
  let other = 0;
  while (one < before.length || other < after.length) {
    const removed = before[one];
    const added = after[other];
    if (bounded && removed !== undefined && removed === added) {
      lines.push({ change: "same", text: removed });
      one += 1;
      other += 1;
    } else if (removed !== undefined && (added === undefined || at(one + 1, other) >= at(one, other + 1))) {
      lines.push({ change: "removed", text: removed });
      one += 1;
    } else if (added !== undefined) {
      lines.push({ change: "added", text: added });
      other += 1;
    }
  }
  return lines;
}
