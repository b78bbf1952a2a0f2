import { getTranslations } from "next-intl/server";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Notice } from "@/components/ui/notice";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { EndpointDetails } from "@/lib/integrations/outgoing/endpoints/queries";

const tones: Record<EndpointDetails["health"], BadgeTone> = { ok: "positive", failing: "caution", paused: "danger" };

export async function HealthBadge({ endpoint }: { endpoint: Pick<EndpointDetails, "health" | "pauseReason"> }) {
  const t = await getTranslations("endpoints.health");
  return <Badge tone={endpoint.pauseReason === "by-hand" ? "neutral" : tones[endpoint.health]}>{t(endpoint.health)}</Badge>;
}

/** What is wrong, since when, and what to do; nothing while all is well. */
export async function HealthNotice({ endpoint, viewer }: { endpoint: EndpointDetails; viewer: Viewer }) {
  const t = await getTranslations("endpoints.trouble");
  const formats = formatsFor(viewer);
  const { pausedAt, pauseReason, failingSince, pauseAfterHours: hours, waiting } = endpoint;
  if (pausedAt) {
    return (
      <Notice tone={pauseReason === "by-hand" ? "info" : "danger"} title={t(`paused.${pauseReason ?? "by-hand"}`, { when: formats.exact(pausedAt), hours })}>
        {t("kept", { count: waiting })}
      </Notice>
    );
  }
  if (!failingSince) return null;
  return (
    <Notice tone="caution" title={t("failing", { when: formats.exact(failingSince) })}>
      {t("failingNext", { hours })}
    </Notice>
  );
}
