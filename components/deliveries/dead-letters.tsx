import { MailCheck } from "lucide-react";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Moment } from "@/components/settings/moment";
import { SmallForm } from "@/components/settings/small-form";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { replayEventAction, replayGroupAction } from "@/lib/notifications/console/actions";
import type { deadEvents, DeadGroup } from "@/lib/notifications/console/health/queries";
import { ReplayGroup } from "./replay-group";
import type { DeliveryWords } from "./words";

interface Props {
  organization: string;
  groups: DeadGroup[];
  viewer: Viewer;
  words: DeliveryWords;
}

/** What failed for good, by what it died of: one cause, one button. */
export function DeadLetters({ organization, groups, viewer, words }: Props) {
  const { t, cause: causeName, reason: reasonName } = words;
  if (groups.length === 0) {
    return (
      <Card id="dead" title={t("dead.title")} flush>
        <EmptyState icon={MailCheck} title={t("dead.emptyTitle")}>
          {t("dead.empty")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card id="dead" title={t("dead.title")} flush>
      <p className="border-b border-line px-4 py-3 text-sm text-ink-muted">{t("dead.lead")}</p>
      <ul className="divide-y divide-line">
        {groups.map(({ channel, cause, reason, count, lastAt }) => {
          const said = reason ? reasonName(reason) : t("dead.noReason");
          return (
            <li key={`${channel} ${cause} ${reason}`} className="flex flex-col gap-3 px-4 py-4">
              <div className="min-w-0">
                <p className="flex flex-wrap items-center gap-2">
                  <Badge tone="danger">{causeName(cause)}</Badge>
                  <Badge>{t(`channels.${channel}`)}</Badge>
                  <span className="text-sm font-medium">{t("dead.count", { count })}</span>
                  <span className="text-sm text-ink-muted">
                    <Moment at={lastAt} viewer={viewer} />
                  </span>
                </p>
                <p className="mt-1.5 text-sm break-words">{said}</p>
                <p className="mt-1 text-sm text-ink-muted">{adviceOf(words, cause)}</p>
              </div>
              <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
                <ReplayGroup
                  action={replayGroupAction.bind(null, organization)}
                  values={{ channel, cause, reason }}
                  count={count}
                  aria-label={t("dead.replayAllNamed", { channel: t(`channels.${channel}`), reason: said })}
                />
                <Link href={`/${organization}/settings/deliveries?${new URLSearchParams({ state: "failed", channel, within: "30d" })}#search`} className="inline-flex min-h-8 items-center text-sm text-accent-ink underline">
                  {t("dead.show")}
                </Link>
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function adviceOf({ t }: DeliveryWords, cause: string): string {
  const key = `advice.${cause}` as "advice.unknown";
  return t.has(key) ? t(key) : t("advice.unknown");
}

interface EventsProps {
  organization: string;
  events: Awaited<ReturnType<typeof deadEvents>>;
  viewer: Viewer;
  words: DeliveryWords;
}

export function ParkedEvents({ organization, events, viewer, words: { t } }: EventsProps) {
  if (events.length === 0) return null;
  const formats = formatsFor(viewer);
  const action = replayEventAction.bind(null, organization);
  return (
    <Card
      id="events"
      title={t("events.title")}
      flush
      aside={
        events.length > 1 && (
          <SmallForm action={action} values={{ eventId: "all" }} aria-label={t("events.replayAll")}>
            {t("events.replayAll")}
          </SmallForm>
        )
      }
    >
      <p className="border-b border-line px-4 py-3 text-sm text-ink-muted">{t("events.lead")}</p>
      <ul className="divide-y divide-line">
        {events.map(({ id, name, reason, parkedAt, occurredAt, replays }) => (
          <li key={id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex flex-wrap items-center gap-2 text-sm">
                <code className="break-all">{name}</code>
                <span className="text-ink-muted">{t("events.parked", { when: formats.dayTime(parkedAt) })}</span>
                {replays > 0 && <span className="text-ink-muted">{t("events.replays", { replays })}</span>}
              </p>
              <p className="mt-1 text-sm break-words">{reason}</p>
            </div>
            <SmallForm action={action} values={{ eventId: id }} aria-label={t("events.replayNamed", { name, when: formats.dayTime(occurredAt) })}>
              {t("events.replay")}
            </SmallForm>
          </li>
        ))}
      </ul>
    </Card>
  );
}
