"use client";

import { useCallback, useEffect, useRef } from "react";

/** Many tabs are called at once, and one tab often: what they ask the server is spread over this long. */
const spreadMs = 400;
/** While calls come faster than they can be followed, as when a hundred people talk below one article, over ever longer, until this. */
const longestSpreadMs = 3_000;
/** So many for one question are a crowd. */
const crowd = 3;
/** What failed is done again after so long, and later each time. */
const firstRetryMs = 5_000;
const longestRetryMs = 60_000;

/**
 * A function that has `work` done soon: at a moment of each tab's own, once however often it is called until then, never twice at a time,
 * and again afterwards when it was called meanwhile or answers that there is more; a while later when it fails, since whoever was called
 * may not be called again.
 */
export function useSoon(work: () => Promise<boolean | void>): () => void {
  const latest = useRef(work);
  const runner = useRef<Runner>(null);
  useEffect(() => {
    latest.current = work;
  });
  useEffect(() => {
    const own = runSoon(() => latest.current());
    runner.current = own;
    return () => {
      own.stop();
      runner.current = null;
    };
  }, []);
  return useCallback(() => runner.current?.call(), []);
}

interface Runner {
  call: () => void;
  stop: () => void;
}

export function runSoon(work: () => Promise<boolean | void>): Runner {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  let stopped = false;
  let spread = spreadMs;
  let calls = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wait = firstRetryMs;

  const call = () => {
    again = true;
    calls += 1;
    if (running || stopped || timer !== undefined) return;
    timer = setTimeout(() => void run(), Math.random() * spread);
  };
  const run = async () => {
    timer = undefined;
    clearTimeout(retry);
    again = false;
    running = true;
    spread = calls < crowd ? spreadMs : Math.min(2 * spread, longestSpreadMs);
    calls = 0;
    try {
      if (await work()) again = true;
      wait = firstRetryMs;
    } catch {
      retry = setTimeout(call, wait * (0.5 + Math.random() / 2));
      wait = Math.min(2 * wait, longestRetryMs);
    } finally {
      running = false;
      if (again) call();
    }
  };
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    clearTimeout(retry);
  };
  return { call, stop };
}
