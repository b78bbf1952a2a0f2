import { useEffect, useRef, type FocusEvent, type RefObject } from "react";

const linkOf = (row: Element | null | undefined) => row?.querySelector<HTMLElement>("a[data-row]") ?? null;

/**
 * Keeps the keyboard's place: when the row that has it leaves the list, the one that takes its place gets it, and the list itself when
 * none is left. A button that was pressed and is gone leaves it with its row.
 */
export function useRowFocus(list: RefObject<HTMLElement | null>, ids: string[]) {
  const last = useRef<{ id: string; at: number } | null>(null);
  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>("[data-row-id]:not([hidden])") ?? [])];

  const shown = ids.join(" ");
  useEffect(() => {
    const { id, at } = last.current ?? {};
    if (id === undefined || at === undefined || shown.split(" ").includes(id)) return;
    last.current = null;
    // Somebody who has moved on is not called back.
    if (document.activeElement && document.activeElement !== document.body) return;
    const left = [...(list.current?.querySelectorAll<HTMLElement>("[data-row-id]:not([hidden])") ?? [])];
    (linkOf(left[at] ?? left.at(-1)) ?? list.current)?.focus();
  }, [list, shown]);

  return {
    /** The row stays, but what was pressed in it may not. */
    stay: (id: string) => linkOf(rows().find((row) => row.id === id))?.focus(),
    /** The row is about to go. */
    leave: (id: string) => {
      const all = rows();
      const at = all.findIndex((row) => row.id === id);
      (linkOf(all[at + 1] ?? all[at - 1]) ?? list.current)?.focus();
    },
    listeners: {
      onFocus: ({ target }: FocusEvent) => {
        const row = target.closest("[data-row-id]");
        last.current = row ? { id: row.id, at: rows().findIndex(({ id }) => id === row.id) } : null;
      },
      onBlur: ({ relatedTarget }: FocusEvent) => {
        if (relatedTarget) last.current = null;
      },
    },
  };
}
