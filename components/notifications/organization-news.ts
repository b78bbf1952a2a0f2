"use client";

import { useEffect, useRef } from "react";

const newsEvent = "moim:organization-news";

/** Hands on what the whole organization hears to whoever on this page listens for it. */
export function announceNews(name: string, data: unknown): void {
  window.dispatchEvent(new CustomEvent(newsEvent, { detail: { name, data } }));
}

/** Calls `hear` whenever the organization hears news of that name; what it says is to be asked of the server. */
export function useOrganizationNews(name: string, hear: (data: unknown) => void): void {
  const latest = useRef(hear);
  useEffect(() => {
    latest.current = hear;
  });
  useEffect(() => {
    const listener = (event: Event) => {
      if (event instanceof CustomEvent && event.detail.name === name) latest.current(event.detail.data);
    };
    window.addEventListener(newsEvent, listener);
    return () => window.removeEventListener(newsEvent, listener);
  }, [name]);
}
