/** Of a list's ids, newest first, those above the newest that its reader has seen. */
export function heldBack(ids: readonly string[], seen: readonly string[]): string[] {
  const known = new Set(seen);
  return ids.slice(
    0,
    Math.max(
      0,
      ids.findIndex((id) => known.has(id)),
    ),
  );
}

/** Up to when a list has been seen whose `rows`, newest first, hold some back; `everything` is the same for all that was got. */
export function seenOf(rows: readonly { id: string; at: string }[], held: ReadonlySet<string>, everything: string): string {
  if (held.size === 0) return everything;
  return rows.find(({ id }) => !held.has(id))?.at ?? everything;
}
