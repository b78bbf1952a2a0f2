import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { formatsFor, type Formats, type Viewer } from "@/lib/platform/i18n/formats";
import type { Receipt, ReceiptAttempt, ReceiptDelivery } from "@/lib/notifications/receipts/queries";

type Translate = Awaited<ReturnType<typeof getTranslations<"receipts">>>;
type Channel = Receipt["channels"][number];

interface Props {
  channel: Channel;
  /** What stands above the messages: for the inbox, where the row is. */
  lead?: string;
  organization: string;
  viewer: Viewer;
}

const settings = "/settings/notifications";
const cards = {
  choices: `${settings}#choices`,
  "quiet-hours": `${settings}#quiet-hours`,
  digests: `${settings}#digests`,
  devices: `${settings}#devices`,
  now: settings,
  mail: settings,
} as const;

/** One channel of a receipt: what was decided and by whose choice, the switch behind it, and every message that came of it. */
export async function ReceiptChannel({ channel: { channel, decision, switch: behind, deliveries }, lead, organization, viewer }: Props) {
  const t = await getTranslations("receipts");
  const formats = formatsFor(viewer);
  return (
    <Card id={channel} title={t(`channels.${channel}`)} aside={<Badge tone={decision.verdict === "skip" ? "neutral" : decision.verdict === "now" ? "positive" : "caution"}>{t(`decision.${shortOf(decision)}`, whenOf(decision, formats))}</Badge>}>
      <p className="text-sm">
        {decision.verdict === "skip" && <>{t(`skip.${decision.why}`)} </>}
        {chosen(decision) && <span className="text-ink-muted">{t(`source.${decision.source}`)}</span>}
      </p>
      {lead && <p className="mt-1 text-sm">{lead}</p>}
      {deliveries.length > 0 && (
        <ul className="mt-3 divide-y divide-line border-t border-line">
          {deliveries.map((delivery) => (
            <li key={delivery.id} className="py-3">
              <Message delivery={delivery} t={t} formats={formats} />
            </li>
          ))}
        </ul>
      )}
      {deliveries.length === 0 && decision.verdict !== "skip" && channel !== "inbox" && <p className="mt-2 text-sm text-ink-muted">{t("none")}</p>}
      {behind && (
        <p className="mt-3 text-sm">
          <Link href={behind === "thread" ? "#thread" : `/${organization}${cards[behind]}`} className="link inline-flex min-h-8 items-center gap-1">
            {t(`switches.${behind}`)}
            <ArrowRight aria-hidden className="size-4" />
          </Link>
        </p>
      )}
    </Card>
  );
}

/** Whether the value of a cell decided it, and not something that holds for every cell. */
const chosen = (decision: Channel["decision"]) => decision.verdict !== "skip" || decision.why === "off";

const shortOf = (decision: Channel["decision"]) => (decision.verdict === "hold" ? decision.why : decision.verdict === "digest" ? decision.every : decision.verdict);
const whenOf = (decision: Channel["decision"], formats: Formats) => ({ when: "until" in decision ? formats.dayTime(decision.until) : "" });

const tones: Record<ReceiptDelivery["state"], BadgeTone> = {
  pending: "neutral",
  held: "caution",
  sending: "neutral",
  sent: "positive",
  merged: "neutral",
  skipped: "neutral",
  failed: "danger",
};

function Message({ delivery, t, formats }: { delivery: ReceiptDelivery; t: Translate; formats: Formats }) {
  const { state, device, attempts, carriedBy } = delivery;
  const when = formats.dayTime(delivery.settledAt ?? delivery.deliverAfter);
  const word = state === "merged" && carriedBy?.type.startsWith("bundle.") ? "gathered" : state;
  return (
    <>
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <Badge tone={tones[state]}>{t(`state.${word}`, { when: state === "held" || state === "pending" ? formats.dayTime(delivery.deliverAfter) : when })}</Badge>
        {device && <span className="text-ink-muted">{t(device.endedAt ? "deviceEnded" : "device", { name: device.name })}</span>}
      </p>
      {state === "skipped" && <p className="mt-1 text-sm text-ink-muted">{delivery.lateReason ? t(`late.${delivery.lateReason}`) : t("late.other", { reason: delivery.reason ?? "?" })}</p>}
      {state === "failed" && (
        <p className="mt-1 text-sm text-ink-muted">
          {delivery.cause ? t(`cause.${delivery.cause}`) : null} {delivery.reason && <span className="break-words">{delivery.reason}</span>}
        </p>
      )}
      {attempts.length > 0 && <Attempts attempts={attempts} t={t} formats={formats} />}
      {carriedBy && (
        <div className="mt-2 border-l-2 border-line pl-3">
          <Message delivery={carriedBy} t={t} formats={formats} />
        </div>
      )}
    </>
  );
}

/** The provider's answers in its own words, folded away: what decides is above. */
function Attempts({ attempts, t, formats }: { attempts: ReceiptAttempt[]; t: Translate; formats: Formats }) {
  return (
    <details className="mt-1">
      <summary className="link inline-flex min-h-8 items-center text-sm">{t("attempts", { count: attempts.length })}</summary>
      <ol className="mt-1 flex flex-col gap-2">
        {attempts.map(({ number, startedAt, succeeded, statusCode, answer }) => (
          <li key={number} className="rounded-lg bg-sunken px-3 py-2 text-sm">
            <p className="flex flex-wrap gap-x-2">
              <span className="font-medium">{t("attempt", { number })}</span>
              <time dateTime={startedAt.toISOString()} className="text-ink-muted">
                {formats.exact(startedAt)}
              </time>
              <span className={succeeded ? "text-positive" : "text-danger"}>{t(succeeded ? "succeeded" : "refused")}</span>
              <span className="text-ink-muted">{statusCode === null ? t("noAnswer") : t("status", { code: String(statusCode) })}</span>
            </p>
            <p className="mt-1 break-words">
              <span className="sr-only">{t("answer")}: </span>
              <code className="text-xs whitespace-pre-wrap text-ink-muted">{answer}</code>
            </p>
          </li>
        ))}
      </ol>
    </details>
  );
}
