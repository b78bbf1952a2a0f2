"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { useLiveInbox } from "@/components/notifications/inbox-count";

/** Reads the page anew when something reached this person: an answer, a move, a cancellation. What is being typed stays. */
export function LiveRefresh() {
  const { version } = useLiveInbox();
  const router = useRouter();
  const shown = useRef(version);
  useEffect(() => {
    if (version === shown.current) return;
    shown.current = version;
    router.refresh();
  }, [version, router]);
  return null;
}
