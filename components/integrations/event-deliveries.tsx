import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { WebhookAttempt, WebhookDelivery, WebhookDetail } from "@/lib/integrations/ingest/queries";

const tones: Record<WebhookDelivery["state"], BadgeTone> = { pending: "accent", sending: "accent", delivered: "positive", failed: "danger", dropped: "neutral" };

/** What went to endpoints because of an event, attempt by attempt. */
export async function EventDeliveries({ organization, event, viewer }: { organization: string; event: WebhookDetail; viewer: Viewer }) {
  const t = await getTranslations("integrations.event");
  return (
    <Card id="deliveries" title={t("deliveries")} flush>
      {event.deliveries.length === 0 && <p className="px-4 py-3 text-sm text-ink-muted">{t("noDelivery")}</p>}
      <ul className="divide-y divide-line">
        {event.deliveries.map((delivery) => (
          <li key={delivery.id} className="px-4 py-3 text-sm">
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <Badge tone={tones[delivery.state]}>{t(`deliveryStates.${delivery.state}`)}</Badge>
              <Link href={`/${organization}/settings/webhooks/${delivery.endpoint.id}`} className="min-w-0 font-medium break-words hover:underline">
                {t("delivery", { endpoint: delivery.endpoint.name, sequence: delivery.sequence })}
              </Link>
              <span className="min-w-0 break-all text-ink-muted">{delivery.endpoint.url}</span>
            </p>
            {delivery.reason && <p className="mt-0.5 break-words text-ink-muted">{delivery.reason}</p>}
            {delivery.attempts.map((attempt) => (
              <Attempt key={attempt.number} attempt={attempt} viewer={viewer} />
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}

async function Attempt({ attempt, viewer }: { attempt: WebhookAttempt; viewer: Viewer }) {
  const t = await getTranslations("integrations.event");
  const formats = formatsFor(viewer);
  const answer = attempt.statusCode === null ? (attempt.fault ?? t("noAnswer")) : t("answered", { status: attempt.statusCode });
  return (
    <details className="mt-1.5">
      <summary className="inline-flex min-h-8 cursor-pointer items-center gap-2">
        {t("attempt", { number: attempt.number })} · {formats.exact(attempt.startedAt)} · <span className={attempt.succeeded ? "text-positive" : "text-danger"}>{answer}</span>
      </summary>
      <p className="mt-1 text-xs text-ink-muted">{t("request")}</p>
      <Raw text={headerLines(attempt.requestHeaders)} />
      {attempt.responseHeaders && (
        <>
          <p className="mt-2 text-xs text-ink-muted">{t("response")}</p>
          <Raw text={`${headerLines(attempt.responseHeaders)}\n\n${attempt.responseBody ?? ""}`} />
        </>
      )}
    </details>
  );
}

export const headerLines = (headers: Record<string, string>) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

export const Raw = ({ text }: { text: string }) => (
  <pre tabIndex={0} className="scroll-quiet mt-1 max-h-96 overflow-auto rounded-lg bg-sunken p-3 text-xs">
    {text}
  </pre>
);
