"use client";

import { ChevronDown, LoaderCircle } from "lucide-react";
import Link, { useLinkStatus } from "next/link";
import { useEffect, useRef, type ReactNode } from "react";
import { buttonStyle } from "@/components/ui/button-style";

interface Props {
  /** The same page with more below. */
  href: string;
  /** How many stand there now, where what comes begins; null when it leads to a page of its own. */
  count: number | null;
  children: ReactNode;
}

/** Puts more below what is there: the page stays where it is, and the keyboard goes to the first of what came. */
export function MoreLink({ href, count, children }: Props) {
  const asked = useRef<number | null>(null);
  useEffect(() => {
    if (asked.current === null || count === null || count <= asked.current) return;
    const rows = document.querySelectorAll("[data-feed] [data-row-id]");
    rows[asked.current]?.querySelector<HTMLElement>("a[data-row]")?.focus({ preventScroll: true });
    asked.current = null;
  }, [count]);
  return (
    <Link
      href={href}
      scroll={count === null}
      replace={count !== null}
      prefetch={false}
      onClick={() => {
        asked.current = count;
      }}
      className={buttonStyle("secondary")}
    >
      <Busy />
      {children}
    </Link>
  );
}

function Busy() {
  const { pending } = useLinkStatus();
  return pending ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : <ChevronDown aria-hidden className="size-4" />;
}
