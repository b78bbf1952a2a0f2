import { getTranslations } from "next-intl/server";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { Health } from "@/lib/integrations/connections/health/queries";

const tones: Record<Health["verdict"], BadgeTone> = { good: "positive", waiting: "accent", attention: "caution", broken: "danger", paused: "neutral" };

/** How a connection is, in one word. */
export async function VerdictBadge({ verdict }: Pick<Health, "verdict">) {
  const t = await getTranslations("integrations.verdicts");
  return <Badge tone={tones[verdict]}>{t(verdict)}</Badge>;
}
