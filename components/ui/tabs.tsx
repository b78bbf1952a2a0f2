import { clsx } from "clsx";
import Link from "next/link";
import type { ReactNode } from "react";

export interface Tab {
  href: string;
  label: ReactNode;
  current: boolean;
}

/** Tabs that are pages of their own: links, so that they open in a new tab, and back works. `stacked`: one of several rows. */
export function Tabs({ label, tabs, stacked = false }: { label: string; tabs: Tab[]; stacked?: boolean }) {
  return (
    <nav aria-label={label} className={clsx("scroll-quiet -mx-4 overflow-x-auto border-b border-line px-4 sm:mx-0 sm:px-0", !stacked && "mb-6")}>
      <ul className="flex gap-5">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <Link
              href={tab.href}
              aria-current={tab.current ? "page" : undefined}
              className={clsx(
                "-mb-px inline-flex min-h-10 items-center border-b-2 text-sm whitespace-nowrap",
                tab.current ? "border-accent font-medium text-ink" : "border-transparent text-ink-muted hover:text-ink",
              )}
            >
              {tab.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The same choice as one compact control, for views of one page. */
export function Segments({ label, tabs }: { label: string; tabs: Tab[] }) {
  return (
    <nav aria-label={label} className="inline-flex rounded-lg border border-line bg-sunken p-0.5">
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          scroll={false}
          aria-current={tab.current ? "page" : undefined}
          className={clsx(
            "inline-flex min-h-8 items-center rounded-md px-3 text-sm",
            tab.current ? "bg-surface font-medium text-ink shadow-low" : "text-ink-muted hover:text-ink",
          )}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
