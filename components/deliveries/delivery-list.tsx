import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { SmallForm } from "@/components/settings/small-form";
import { Moment } from "@/components/settings/moment";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { replayDeliveryAction } from "@/lib/notifications/console/actions";
import type { ConsoleDelivery, DeliveriesPage } from "@/lib/notifications/console/queries";
import { stateTones, type DeliveryWords } from "./words";

interface Props {
  organization: string;
  deliveries: DeliveriesPage["deliveries"];
  viewer: Viewer;
  words: DeliveryWords;
}

/** One delivery a row, as lines rather than columns: it reads the same on a phone. */
export function DeliveryList({ organization, deliveries, viewer, words }: Props) {
  const { t, type } = words;
  return (
    <ul className="divide-y divide-line">
      {deliveries.map((delivery) => {
        const name = personName(delivery, words);
        const what = type(delivery.type);
        return (
          <li key={delivery.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Badge tone={stateTones[delivery.state]}>{t(`states.${delivery.state}`)}</Badge>
                <span className="text-sm font-medium">{what}</span>
                <span className="text-sm text-ink-muted">{t(`channels.${delivery.channel}`)}</span>
              </p>
              <p className="mt-1 text-sm">
                <span className="break-words">{name}</span>
                {delivery.address && delivery.address !== name && <span className="break-all text-ink-muted"> · {delivery.address}</span>}
                {delivery.device && <span className="text-ink-muted"> · {t("row.device", { device: delivery.device })}</span>}
              </p>
              <p className="mt-0.5 text-sm break-words text-ink-muted">
                <Moment at={delivery.settledAt ?? delivery.createdAt} viewer={viewer} />
                {" · "}
                {t("row.attempts", { count: delivery.attemptCount })}
                {becauseOf(delivery, viewer, words)}
              </p>
            </div>
            <div className="flex flex-wrap items-center gap-3">
              {delivery.state === "failed" && (
                <SmallForm action={replayDeliveryAction.bind(null, organization)} values={{ deliveryId: delivery.id }} aria-label={t("dead.replayNamed", { name })}>
                  {t("dead.replay")}
                </SmallForm>
              )}
              <Link
                href={`/${organization}/settings/deliveries/${delivery.notificationId}`}
                aria-label={t("row.traceNamed", { what, name })}
                className="inline-flex min-h-8 items-center text-sm text-accent-ink underline"
              >
                {t("row.trace")}
              </Link>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

export const personName = ({ name, address }: Pick<ConsoleDelivery, "name" | "address">, { t }: DeliveryWords) => name ?? address ?? t("row.everybody");

/** What its state is about: until when it is held, why it was left out, what the provider said. */
export function becauseOf(delivery: ConsoleDelivery, viewer: Viewer, words: DeliveryWords): string {
  const { t, reason, cause } = words;
  const formats = formatsFor(viewer);
  switch (delivery.state) {
    case "held":
      return ` · ${delivery.hold ? `${t(`holds.${delivery.hold}`)}, ` : ""}${t("row.after", { when: formats.dayTime(delivery.deliverAfter) })}`;
    case "pending":
      return ` · ${t("row.after", { when: formats.dayTime(delivery.deliverAfter) })}${delivery.reason ? ` · ${reason(delivery.reason)}` : ""}`;
    case "failed":
      return ` · ${[cause(delivery.cause ?? ""), delivery.reason && reason(delivery.reason)].filter(Boolean).join(": ")}`;
    case "skipped":
      return delivery.reason ? ` · ${reason(delivery.reason)}` : "";
    // What the provider called it is for the trace.
    case "sent":
    case "merged":
    case "sending":
      return "";
  }
}
