import { Bell, BellOff, BellRing } from "lucide-react";
import type { TopicChoice } from "@/lib/notifications/topics/inputs";

const bells = { following: BellRing, muted: BellOff, ordinary: Bell };

/** What somebody hears of something, as a bell. */
export function TopicBell({ choice }: { choice: TopicChoice | null }) {
  const Icon = bells[choice ?? "ordinary"];
  return <Icon aria-hidden className="size-4.5" />;
}
