import { Bell, BellOff, BellRing, type LucideIcon } from "lucide-react";
import type { TopicChoice } from "@/lib/notifications/topics/inputs";

/** What somebody hears of something, as a bell. */
export const bellOf = (choice: TopicChoice | null): LucideIcon => (choice === "following" ? BellRing : choice === "muted" ? BellOff : Bell);
