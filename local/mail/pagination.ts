import { invalid } from "./refusal";

const most = 100;

/** One page of a list, newest first: https://resend.com/docs/api-reference/pagination */
export function pageOf<Item extends { id: string }>(
  items: Item[],
  url: URL,
  defaultLimit: number,
): { object: "list"; has_more: boolean; data: Item[] } {
  const given = url.searchParams.get("limit");
  const limit = given === null ? defaultLimit : Number(given);
  if (given !== null && !(Number.isInteger(limit) && limit >= 1 && limit <= most)) {
    throw invalid(
      "The pagination limit must be a number between 1 and 100. See https://resend.com/docs/pagination for more information.",
    );
  }
  const after = url.searchParams.get("after");
  const before = url.searchParams.get("before");
  if (after !== null && before !== null) throw invalid("Only one of `after` and `before` can be given.");
  const cursor = after ?? before;
  const at = cursor === null ? -1 : items.findIndex(({ id }) => id === cursor);
  if (cursor !== null && at < 0) throw invalid("The pagination cursor is not the id of an item in this list.");
  if (before !== null) {
    const start = Math.max(0, at - limit);
    return { object: "list", has_more: start > 0, data: items.slice(start, at) };
  }
  const start = at + 1;
  return { object: "list", has_more: items.length > start + limit, data: items.slice(start, start + limit) };
}
