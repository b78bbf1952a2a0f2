"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { useOrganizationNews } from "@/components/notifications/organization-news";

/** Several changes of one issue come together, and many people may look at it: each tab waits for the others of a burst, and not as long as its neighbours. */
const waitsMs = 250;
const spreadMs = 750;

/** Reads the page anew when one of these issues changes, by the names under which that is called out. What is being typed stays. */
export function LiveIssues({ topics }: { topics: string[] }) {
  const router = useRouter();
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(waiting.current), []);
  useOrganizationNews("issues.changed", (news) => {
    const changed = typeof news === "object" && news !== null && "topics" in news && Array.isArray(news.topics) ? news.topics : [];
    if (!changed.some((topic) => topics.includes(String(topic)))) return;
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => router.refresh(), waitsMs + Math.random() * spreadMs);
  });
  return null;
}
