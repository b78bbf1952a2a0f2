import { getTranslations } from "next-intl/server";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Cell, HeadCell, Table } from "@/components/ui/table";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { DeliveryRecord } from "@/lib/notifications/deliveries/queries";
import { SendAgain } from "./send-again";

interface Props {
  deliveries: DeliveryRecord[];
  /** Names by attendee id. */
  names: Map<string, string>;
  viewer: Viewer;
  /** Where a failed one is sent again. */
  sendAgainHref: (deliveryId: string) => string;
}

const tones: Record<DeliveryRecord["state"], BadgeTone> = {
  sent: "positive",
  failed: "danger",
  pending: "neutral",
  held: "neutral",
  sending: "neutral",
  skipped: "neutral",
  merged: "neutral",
};

/** What was sent to whom on which channel, and what the provider said. */
export async function DeliveryTable({ deliveries, names, viewer, sendAgainHref }: Props) {
  const t = await getTranslations("meetings");
  const formats = formatsFor(viewer);
  return (
    <Table
      caption={t("sentTitle")}
      head={
        <>
          <HeadCell>{t("sentTo")}</HeadCell>
          <HeadCell>{t("sentWhat")}</HeadCell>
          <HeadCell>{t("sentState")}</HeadCell>
          <HeadCell>{t("sentTime")}</HeadCell>
          <HeadCell>{t("sentAnswer")}</HeadCell>
        </>
      }
    >
      {deliveries.map((delivery) => {
        const name = names.get(delivery.participantId ?? "") ?? delivery.email ?? delivery.recipient;
        const at = delivery.lastAttempt?.finishedAt ?? delivery.settledAt ?? delivery.deliverAfter;
        const type = `sentType.${delivery.type}`;
        return (
          <tr key={delivery.id}>
            <Cell>
              <span className="block max-w-48 truncate font-medium">{name}</span>
              {delivery.channel === "email" && delivery.email && <span className="block max-w-48 truncate text-xs text-ink-muted">{delivery.email}</span>}
            </Cell>
            <Cell className="whitespace-nowrap">
              {t.has(type as "sentTitle") ? t(type as "sentTitle") : delivery.type}
              <span className="block text-xs text-ink-muted">{t(`channel.${delivery.channel}`)}</span>
            </Cell>
            <Cell>
              <Badge tone={tones[delivery.state]}>{t(`state.${delivery.state}`)}</Badge>
            </Cell>
            <Cell className="whitespace-nowrap text-ink-muted">
              <time dateTime={at.toISOString()}>{formats.dayTime(at)}</time>
            </Cell>
            <Cell className="min-w-44">
              <span className="line-clamp-2 text-ink-muted" title={delivery.lastAttempt?.answer}>
                {delivery.lastAttempt
                  ? [delivery.lastAttempt.statusCode, delivery.lastAttempt.answer].filter(Boolean).join(" · ")
                  : (delivery.reason ?? "—")}
              </span>
              {delivery.state === "failed" && <SendAgain href={sendAgainHref(delivery.id)} name={name} />}
            </Cell>
          </tr>
        );
      })}
    </Table>
  );
}
