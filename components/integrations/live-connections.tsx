"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useTransition } from "react";
import { useOrganizationNews } from "@/components/notifications/organization-news";

/** Where no socket reaches. */
const everyMs = 4_000;

/** Reads the page anew when a connection changed; while something is awaited it also looks by itself. */
export function LiveConnections({ awaiting }: { awaiting: boolean }) {
  const router = useRouter();
  const soon = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [reading, startReading] = useTransition();
  const busy = useRef(reading);
  useEffect(() => {
    busy.current = reading;
  }, [reading]);
  // Each reading takes the place of the one before: where the server is slower than our patience, none would ever be shown.
  const read = useCallback(() => {
    if (busy.current || document.visibilityState !== "visible") return;
    busy.current = true;
    startReading(() => router.refresh());
  }, [router]);
  useOrganizationNews("connections.changed", () => {
    clearTimeout(soon.current);
    soon.current = setTimeout(read, 100);
  });
  useEffect(() => () => clearTimeout(soon.current), []);
  useEffect(() => {
    if (!awaiting) return;
    const timer = setInterval(read, everyMs);
    return () => clearInterval(timer);
  }, [awaiting, read]);
  return null;
}
