"use client";

import { useEffect, useState } from "react";

const everyMs = 60_000;

/** This moment, once a minute; null until the first minute is over. */
export function useNow(): string | null {
  const [now, setNow] = useState<string | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date(performance.timeOrigin + performance.now()).toISOString()), everyMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
