import type { Found } from "@/lib/feed/search/mappings";

/** A line in parts, with what was asked for marked. */
export function Pieces({ of }: { of: Found["title"] }) {
  return of.map(({ text, match }, index) =>
    match ? (
      <mark key={index} className="rounded-sm bg-accent-soft px-px text-accent-ink">
        {text}
      </mark>
    ) : (
      <span key={index}>{text}</span>
    ),
  );
}
