import { getTranslations } from "next-intl/server";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { Publication } from "@/lib/notifications/publications/queries";

const tones: Record<Publication["state"], BadgeTone> = { scheduled: "accent", sending: "caution", sent: "positive", cancelled: "neutral" };

export async function PublicationState({ state }: { state: Publication["state"] }) {
  const t = await getTranslations("templates.announcements.states");
  return <Badge tone={tones[state]}>{t(state)}</Badge>;
}
