import { foldedNewsTypes, isNewsType, newsFactsOf, speaksFor } from "../news/rules";
import { isPluginType, pluginFactsOf, pluginTypes, together, type Happening } from "../plugin-events/rules";
import { inboxLine } from "./inbox-line";
import type { Matter } from "./matter";
import { newsLineOfMany, newsQuote } from "./news-words";
import { happeningOf, pluginDetail, pluginLineOfMany } from "./plugin-words";
import type { Reader } from "./reader";

/** What several notifications of one thread come to, for whoever shows them as one: lines of the inbox, and digests. */

/** Types of which several in one thread are told as one. */
export const foldedTypes: readonly string[] = [...pluginTypes, ...foldedNewsTypes];

/** The newest row and those it speaks for; empty for what is never told together. */
export function foldable<Row extends { type: string; occurredAt: Date }>(newestFirst: Row[]): Row[] {
  const [head] = newestFirst;
  if (!head || !foldedTypes.includes(head.type)) return [];
  if (isPluginType(head.type)) return together(newestFirst).filter(({ type }) => isPluginType(type));
  return newestFirst.filter(({ type }) => speaksFor(head.type, type));
}

export const happeningsOf = (matters: Matter[]): Happening[] =>
  matters.flatMap(({ type, ...rest }) => (isPluginType(type) ? [happeningOf(rest, type)] : []));

/** @param total how many people did it, where more did than there are rows at hand. */
export function lineOfMany(newestFirst: Matter[], reader: Pick<Reader, "lines" | "locale" | "list">, total?: number): string {
  const [newest] = newestFirst;
  if (!newest) return "";
  if (newestFirst.length === 1) return inboxLine(newest, reader);
  return isNewsType(newest.type) ? newsLineOfMany(newestFirst, newest.type, reader, total) : pluginLineOfMany(happeningsOf(newestFirst), reader);
}

/** What came of them, where the line does not say it. */
export const detailOfMany = (newestFirst: Matter[], reader: Pick<Reader, "lines">): string | null =>
  newestFirst[0] && isPluginType(newestFirst[0].type) ? pluginDetail(happeningsOf(newestFirst), reader) : null;

/** What the newest of them says in its own words. */
export function quoteOfMany([newest]: Matter[]): string | null {
  if (!newest) return null;
  if (isPluginType(newest.type)) return pluginFactsOf(newest.payload).comment ?? null;
  return isNewsType(newest.type) ? newsQuote(newest.type, newsFactsOf(newest.payload)) : null;
}
