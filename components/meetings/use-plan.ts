"use client";

import { useEffect, useState } from "react";
import type { PlanAnswer } from "@/lib/meetings/planning/queries";

export interface PlanQuestion {
  organization: string;
  date: string;
  start: string;
  end: string;
  duration: string;
  timeZone: string;
  fold: string;
  members: string[];
  except: string | null;
}

export type PlanState =
  | { kind: "asking"; last: PlanAnswer | null }
  | { kind: "known"; last: PlanAnswer }
  /** The answer could not be had: nobody may be shown as free. */
  | { kind: "unknown"; last: null };

const settleMs = 250;
/** More would make the address of the question too long for some servers; the rest are shown as not checked. */
export const checkedMembersMax = 150;

/** Asks the server what the time in the form would mean, shortly after the person stops changing it. */
export function usePlan(question: PlanQuestion): PlanState {
  const [heard, setHeard] = useState<{ address: string | null; state: PlanState }>({ address: null, state: asking(null) });
  const address = addressOf(question);

  useEffect(() => {
    if (!address) return;
    const aborter = new AbortController();
    const timer = setTimeout(() => {
      void ask(address, aborter.signal).then((state) => {
        if (state) setHeard({ address, state });
      });
    }, settleMs);
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [address]);

  // What was heard about another time stays on show, so that nothing flickers, but it is no answer to this one.
  return heard.address === address ? heard.state : asking(heard.state.last);
}

const asking = (last: PlanAnswer | null): PlanState => ({ kind: "asking", last });

/** Null when the question was overtaken by another. */
async function ask(address: string, signal: AbortSignal): Promise<PlanState | null> {
  try {
    const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
    // A half-typed field is no failure to check: the form says what is wrong with it when it is sent.
    if (response.status === 422) return asking(null);
    if (!response.ok) return { kind: "unknown", last: null };
    return { kind: "known", last: (await response.json()) as PlanAnswer };
  } catch {
    return signal.aborted ? null : { kind: "unknown", last: null };
  }
}

function addressOf({ members, except, ...fields }: PlanQuestion): string | null {
  if (!fields.date || !fields.start || (!fields.end && !fields.duration)) return null;
  const query = new URLSearchParams({ ...fields, members: members.slice(0, checkedMembersMax).join(",") });
  if (except) query.set("except", except);
  return `/api/meetings/availability?${query}`;
}
