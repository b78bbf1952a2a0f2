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
