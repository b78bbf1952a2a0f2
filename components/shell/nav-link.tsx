"use client";

import { clsx } from "clsx";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

interface Props {
  href: string;
  icon: ReactNode;
  children: ReactNode;
  badge?: ReactNode;
  /** Only this very page counts as here, not those below it. */
  exact?: boolean;
  /** Pages below these count as here, too. */
  within?: string[];
  look: "side" | "bar";
}

const looks = {
  side: {
    base: "flex min-h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm",
    here: "bg-hover font-medium text-ink",
    away: "text-ink-muted hover:bg-hover hover:text-ink",
  },
  bar: {
    base: "relative flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 px-1 text-2xs",
    here: "font-semibold text-accent-ink",
    away: "text-ink-muted",
  },
};

export function NavLink({ href, icon, children, badge, exact = false, within = [href], look }: Props) {
  const path = usePathname();
  const here = path === href || (!exact && within.some((place) => path.startsWith(`${place}/`)));
  const style = looks[look];
  return (
    <Link href={href} aria-current={here ? "page" : undefined} className={clsx(style.base, here ? style.here : style.away)}>
      {icon}
      <span className={look === "side" ? "min-w-0 flex-1 truncate" : "max-w-full truncate"}>{children}</span>
      {badge && <span className={look === "bar" ? "absolute top-1 left-1/2 ml-1.5" : undefined}>{badge}</span>}
    </Link>
  );
}
