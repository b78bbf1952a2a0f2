"use client";

import { useRouter } from "next/navigation";
import { useEffect, type ReactNode } from "react";
import { belongsElsewhere, useLetterShortcuts } from "@/components/ui/letter-shortcuts";

interface Props {
  /** Where each letter leads. */
  letters: Record<string, string>;
  /** The address of the view around a date: `{date}` is replaced. */
  dayHref: string;
  children: ReactNode;
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Days carry `data-day`; arrows walk over them, also past the edge of what is shown. */
export function CalendarKeys({ letters, dayHref, children }: Props) {
  const router = useRouter();
  const [on] = useLetterShortcuts();

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (belongsElsewhere(event)) return;
      const letter = on ? letters[event.key] : undefined;
      if (letter) {
        event.preventDefault();
        router.push(letter);
        return;
      }
      const step = steps[event.key];
      const from = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.day : undefined;
      if (step === undefined || !from) return;
      event.preventDefault();
      const date = shifted(from, step);
      const shown = document.querySelector<HTMLElement>(`[data-day="${date}"]`);
      if (shown) shown.focus();
      else router.push(`${dayHref.replace("{date}", date)}#day`);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [on, letters, dayHref, router]);

  // On a phone a week is wider than the screen: it begins at the day it is about.
  useEffect(() => {
    const day = document.querySelector<HTMLElement>("[data-day-current]");
    const week = day?.closest("[data-week]");
    if (day && week) week.scrollLeft = day.offsetLeft + (day.offsetWidth - week.clientWidth) / 2;
  }, [dayHref]);

  // After walking over the edge, focus continues on the day that was walked to.
  useEffect(() => {
    if (window.location.hash === "#day") document.querySelector<HTMLElement>("[data-day-current]")?.focus();
  });

  return children;
}

function shifted(date: string, days: number): string {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
