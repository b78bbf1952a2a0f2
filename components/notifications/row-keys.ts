import { useEffect, type RefObject } from "react";
import { belongsElsewhere } from "@/components/ui/letter-shortcuts";

/** After `g` the next letter names a page (components/shell/shortcuts.tsx). */
const chordMs = 1_200;

/** j and k move, e reads, u puts back, s opens the snooze menu. Enter needs nothing: every row is a link. */
export function useRowKeys(list: RefObject<HTMLElement | null>, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    let chordAt = -Infinity;
    const onKey = (event: KeyboardEvent) => {
      if (belongsElsewhere(event) || event.shiftKey) return;
      const inChord = event.timeStamp - chordAt < chordMs;
      chordAt = event.key === "g" ? event.timeStamp : -Infinity;
      if (inChord) return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row-id]:not([hidden])") ?? [])];
      const at = rows.findIndex((row) => row.contains(document.activeElement));
      if (event.key === "j" || event.key === "k") {
        const target = rows[event.key === "j" ? at + 1 : Math.max(0, at - 1)]?.querySelector<HTMLElement>("a[data-row]");
        if (!target) return;
        event.preventDefault();
        target.focus();
        return;
      }
      const row = rows[at];
      if (!row) return;
      if (event.key === "e") row.querySelector<HTMLFormElement>("form[data-act=read]")?.requestSubmit();
      if (event.key === "u") row.querySelector<HTMLFormElement>("form[data-act=unread]")?.requestSubmit();
      if (event.key === "s") openSnoozes(row, event);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [list, on]);
}

function openSnoozes(row: HTMLElement, event: KeyboardEvent): void {
  const menu = row.querySelector<HTMLDetailsElement>("[data-row-menu] details");
  const first = row.querySelector<HTMLElement>("form[data-act=snooze] button, form[data-act=wake] button");
  if (!menu || !first) return;
  event.preventDefault();
  menu.open = true;
  first.focus();
}
