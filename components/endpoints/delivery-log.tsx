import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Moment } from "@/components/settings/moment";
import { clock } from "@/lib/platform/clock";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { DeliverySummary } from "@/lib/integrations/outgoing/queries";
import type { DeliveryState } from "@/lib/integrations/outgoing/inputs";

export const stateTones: Record<DeliveryState, BadgeTone> = { pending: "accent", sending: "accent", delivered: "positive", failed: "danger", dropped: "neutral" };

interface Props {
  organization: string;
  deliveries: DeliverySummary[];
  viewer: Viewer;
  attemptsMax: number;
}

/** One delivery a row, as lines rather than columns: it reads the same on a phone. */
export async function DeliveryLog({ organization, deliveries, viewer, attemptsMax }: Props) {
  const t = await getTranslations("endpoints");
  return (
    <ul className="divide-y divide-line">
      {deliveries.map((delivery) => (
        <li key={delivery.id} className="relative px-4 py-3 text-sm hover:bg-hover">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Badge tone={stateTones[delivery.state]}>{t(`states.${delivery.state}`)}</Badge>
            <Link href={`/${organization}/settings/webhooks/${delivery.endpointId}/deliveries/${delivery.id}`} className="min-w-0 font-medium break-all after:absolute after:inset-0">
              {delivery.event}
            </Link>
            {delivery.generation > 1 && <Badge>{t("log.again", { number: delivery.generation })}</Badge>}
          </p>
          <p className="mt-0.5 break-words text-ink-muted">
            {!delivery.test && `${delivery.entity} · ${t("log.place", { number: delivery.sequence })} · `}
            <Moment at={delivery.settledAt ?? delivery.createdAt} viewer={viewer} />
            {delivery.lastStatus !== null && ` · HTTP ${delivery.lastStatus}`}
          </p>
          <NextTry delivery={delivery} viewer={viewer} attemptsMax={attemptsMax} />
        </li>
      ))}
    </ul>
  );
}

/** What is to come of a delivery that is not settled. */
export async function NextTry({ delivery, viewer, attemptsMax }: { delivery: DeliverySummary; viewer: Viewer; attemptsMax: number }) {
  const t = await getTranslations("endpoints.log");
  if (delivery.settledAt) return null;
  const words = () => {
    if (delivery.state === "sending") return t("sending", { attempt: delivery.attemptCount + 1, most: attemptsMax });
    if (delivery.endpointPaused && !delivery.test) return t("kept");
    if (delivery.waitsForEarlier) return t("waitsForEarlier");
    const when = delivery.nextAttemptAt <= clock.now() ? t("now") : formatsFor(viewer).relative(delivery.nextAttemptAt, clock.now());
    return t("next", { when, attempt: delivery.attemptCount + 1, most: attemptsMax });
  };
  return <p className="mt-0.5 text-ink-muted">{words()}</p>;
}
