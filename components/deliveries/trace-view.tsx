import { CircleAlert, CircleCheck } from "lucide-react";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { SmallForm } from "@/components/settings/small-form";
import { Moment } from "@/components/settings/moment";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { replayDeliveryAction } from "@/lib/notifications/console/actions";
import type { TracedDelivery, TracedReceiver } from "@/lib/notifications/console/trace/queries";
import { preferenceChannels, type PreferenceChannel } from "@/lib/notifications/inputs";
import { becauseOf, personName } from "./delivery-list";
import { stateTones, type DeliveryWords } from "./words";

interface Place {
  organization: string;
  viewer: Viewer;
  words: DeliveryWords;
}

/** One member: what was decided for each channel and why, and what came of it. */
export function TracedPerson({ person, ...place }: Place & { person: TracedReceiver }) {
  const { words: { t }, viewer } = place;
  return (
    <li className="px-4 py-4">
      <p className="text-sm">
        <span className="font-medium break-words">{person.name}</span> <span className="break-all text-ink-muted">{person.address}</span>
      </p>
      <dl className="mt-2 flex flex-col gap-1 text-sm">
        {preferenceChannels.map((channel) => (
          <div key={channel} className="flex flex-wrap gap-x-2">
            <dt className="text-ink-muted">{t(`channels.${channel}`)}:</dt>
            <dd>
              <Decided person={person} channel={channel} viewer={viewer} words={place.words} />
            </dd>
          </div>
        ))}
      </dl>
      {person.deliveries.length > 0 && <TracedDeliveries deliveries={person.deliveries} {...place} named={false} />}
    </li>
  );
}

function Decided({ person, channel, viewer, words: { t, reason } }: { person: TracedReceiver; channel: PreferenceChannel; viewer: Viewer; words: DeliveryWords }) {
  const decision = person.decisions[channel];
  const formats = formatsFor(viewer);
  const said = () => {
    switch (decision.verdict) {
      case "now":
        return t("trace.verdict.now");
      case "hold":
        return t("trace.verdict.hold", { when: formats.dayTime(decision.until), why: t(`holds.${decision.why}`) });
      case "digest":
        return t("trace.verdict.digest", { when: formats.dayTime(decision.until), why: t(`holds.${decision.every}`) });
      case "skip":
        return t("trace.verdict.skip", { why: reason(decision.why) });
    }
  };
  return (
    <>
      {said()} <span className="text-ink-muted">({t(`trace.sources.${decision.source}`)})</span>
      {channel === "inbox" && (
        <span className="text-ink-muted"> · {!person.shown ? t("trace.hidden") : person.readAt ? t("trace.read", { when: formats.dayTime(person.readAt) }) : t("trace.unread")}</span>
      )}
    </>
  );
}

/** Deliveries with every call and its answer, and what the provider reported later. */
export function TracedDeliveries({ deliveries, named, ...place }: Place & { deliveries: TracedDelivery[]; named: boolean }) {
  return (
    <ul className="mt-3 flex flex-col gap-3">
      {deliveries.map((delivery) => (
        <Traced key={delivery.id} delivery={delivery} named={named} {...place} />
      ))}
    </ul>
  );
}

function Traced({ delivery, named, organization, viewer, words }: Place & { delivery: TracedDelivery; named: boolean }) {
  const { t, report } = words;
  const name = personName(delivery, words);
  return (
    <li className="rounded-lg border border-line p-3 text-sm">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-48 break-words">
          <Badge tone={stateTones[delivery.state]}>{t(`states.${delivery.state}`)}</Badge> <span className="font-medium">{t(`channels.${delivery.channel}`)}</span>
          {named && <span> · {name}</span>}
          {delivery.device && <span className="text-ink-muted"> · {t("row.device", { device: delivery.device })}</span>}
          <span className="text-ink-muted">{becauseOf(delivery, viewer, words)}</span>
          {delivery.mergedInto && (
            <>
              {" · "}
              <Link href={`/${organization}/settings/deliveries/${delivery.mergedInto.notificationId}`} className="text-accent-ink underline">
                {t("trace.mergedInto")}
              </Link>
            </>
          )}
        </p>
        {delivery.state === "failed" && (
          <SmallForm action={replayDeliveryAction.bind(null, organization)} values={{ deliveryId: delivery.id }} aria-label={t("dead.replayNamed", { name })}>
            {t("dead.replay")}
          </SmallForm>
        )}
      </div>
      {(delivery.attempts.length > 0 || delivery.reports.length > 0) && (
        <ol className="mt-2 flex flex-col gap-1.5 border-t border-line pt-2">
          {delivery.attempts.map(({ id, number, startedAt, finishedAt, succeeded, statusCode, answer }) => (
            <li key={id} className="flex items-start gap-2">
              {succeeded ? <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-positive" /> : <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />}
              <span className="min-w-0">
                <span className="font-medium">{t("trace.attempt", { number })}</span>{" "}
                <span className="text-ink-muted">
                  <Moment at={finishedAt} viewer={viewer} /> · {t("trace.took", { ms: finishedAt.getTime() - startedAt.getTime() })}
                </span>
                <span className="block break-words">
                  {statusCode ?? t("trace.noAnswer")} · {answer}
                </span>
              </span>
            </li>
          ))}
          {delivery.reports.map(({ type, at, detail }) => (
            <li key={`${type} ${at.toISOString()}`} className="pl-6">
              <span className="font-medium">{report(type)}</span>{" "}
              <span className="text-ink-muted">
                <Moment at={at} viewer={viewer} />
              </span>
              {detail && <span className="block break-words">{detail}</span>}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
