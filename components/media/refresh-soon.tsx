"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const laterMs = [2_000, 3_000, 5_000, 10_000, 20_000, 40_000];

/** Asks for the page again, ever more rarely, while something on it is still being prepared. */
export function RefreshSoon() {
  const router = useRouter();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = (turn: number) => {
      const delay = laterMs[turn];
      if (delay === undefined) return;
      timer = setTimeout(() => {
        if (document.visibilityState === "visible") router.refresh();
        next(turn + 1);
      }, delay);
    };
    next(0);
    return () => clearTimeout(timer);
  }, [router]);
  return null;
}
