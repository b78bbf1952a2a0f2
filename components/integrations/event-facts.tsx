import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { WebhookDetail } from "@/lib/integrations/ingest/queries";
import { eventTones } from "./event-list";

/** What is known of one event, and what it was read as. */
export async function EventFacts({ log, event, viewer }: { log: string; event: WebhookDetail; viewer: Viewer }) {
  const t = await getTranslations("integrations");
  const formats = formatsFor(viewer);
  return (
    <>
      <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2">
        <Fact label={t("event.state")}>
          <Badge tone={eventTones[event.state]}>{t(`log.states.${event.state}`)}</Badge>
        </Fact>
        <Fact label={t("event.received")}>{formats.exact(event.receivedAt)}</Fact>
        {event.occurredAt && <Fact label={t("event.happened")}>{formats.exact(event.occurredAt)}</Fact>}
        <Fact label={t("event.proof")}>{t(`log.proofs.${event.proof}`)}</Fact>
        {event.actorName && <Fact label={t("event.actor")}>{event.actorName}</Fact>}
        {event.entity && (
          <Fact label={t("event.entity")}>
            <code className="break-all">{event.entity}</code>
          </Fact>
        )}
        {event.position !== null && <Fact label={t("event.position")}>{event.position}</Fact>}
        <Fact label={t("event.bytes")}>{t("event.size", { bytes: event.bodyBytes })}</Fact>
        {event.reason && (
          <Fact label={t("event.reason")}>
            {event.state === "duplicate" ? (
              <Link href={`${log}/${event.reason}`} className="text-accent-ink underline">
                {t("event.repeats")}
              </Link>
            ) : (
              event.reason
            )}
          </Fact>
        )}
      </dl>
      {event.facts && (
        <details className="mt-4 text-sm">
          <summary className="inline-flex min-h-8 cursor-pointer items-center text-accent-ink underline">{t("event.facts")}</summary>
          <pre tabIndex={0} className="scroll-quiet mt-2 max-h-96 overflow-auto rounded-lg bg-sunken p-3 text-xs">
            {JSON.stringify(event.facts, null, 2)}
          </pre>
        </details>
      )}
    </>
  );
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-ink-muted">{label}</dt>
    <dd className="break-words">{children}</dd>
  </div>
);
