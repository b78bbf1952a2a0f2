import type { ReactNode } from "react";

/** A short or relative time that gives the exact one on hover and on keyboard focus, and to screen readers. */
export function When({ at, exact, children }: { at: Date | string; exact: string; children: ReactNode }) {
  const iso = typeof at === "string" ? at : at.toISOString();
  return (
    <span tabIndex={0} className="group relative inline-block rounded-sm">
      <time dateTime={iso}>{children}</time>
      <span className="sr-only"> ({exact})</span>
      <span
        aria-hidden="true"
        className="pointer-events-none absolute bottom-full left-1/2 z-30 mb-1 hidden -translate-x-1/2 rounded-md bg-ink px-2 py-1 text-xs whitespace-nowrap text-canvas shadow-high group-hover:block group-focus-visible:block"
      >
        {exact}
      </span>
    </span>
  );
}
