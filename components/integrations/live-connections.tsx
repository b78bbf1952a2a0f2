"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { useOrganizationNews } from "@/components/notifications/organization-news";

/** Where no socket reaches. */
const everyMs = 4_000;

/** Reads the page anew when a connection changed; while something is awaited it also looks by itself. */
export function LiveConnections({ awaiting }: { awaiting: boolean }) {
  const router = useRouter();
  const soon = useRef<ReturnType<typeof setTimeout>>(undefined);
  useOrganizationNews("connections.changed", () => {
    clearTimeout(soon.current);
    soon.current = setTimeout(() => router.refresh(), 100);
  });
  useEffect(() => () => clearTimeout(soon.current), []);
  useEffect(() => {
    if (!awaiting) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [awaiting, router]);
  return null;
}
