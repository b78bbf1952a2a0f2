"use client";

import { useSyncExternalStore } from "react";

const storageKey = "moim-shortcuts";

/** Single-letter shortcuts can be switched off (WCAG 2.1.4): speech input types letters too. Kept per browser. */
export function useLetterShortcuts() {
  const on = useSyncExternalStore(
    (changed) => {
      window.addEventListener("storage", changed);
      return () => window.removeEventListener("storage", changed);
    },
    () => localStorage.getItem(storageKey) !== "off",
    () => true,
  );
  const set = (next: boolean) => {
    localStorage.setItem(storageKey, next ? "on" : "off");
    window.dispatchEvent(new Event("storage"));
  };
  return [on, set] as const;
}

/** True while a key press belongs to something else: a field, an open dialog, a browser command. */
export function belongsElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  if (document.querySelector("dialog[open]")) return true;
  return event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable='true']") !== null;
}
