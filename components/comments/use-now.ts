"use client";

import { useEffect, useState } from "react";

const everyMs = 60_000;

export interface Now {
  /** Null until the page is alive. */
  at: string | null;
  /** Whether what the server said of times is still as good: for the first minute. */
  isFirst: boolean;
}

/** This moment, once a minute. */
export function useNow(): Now {
  const [now, setNow] = useState<Now>({ at: null, isFirst: true });
  useEffect(() => {
    const look = (isFirst: boolean) => setNow({ at: new Date(performance.timeOrigin + performance.now()).toISOString(), isFirst });
    const first = setTimeout(look, 0, true);
    const timer = setInterval(look, everyMs, false);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, []);
  return now;
}
