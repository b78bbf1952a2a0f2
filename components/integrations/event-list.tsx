import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Moment } from "@/components/settings/moment";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { Viewer } from "@/lib/platform/i18n/formats";
import type { LoggedEvent } from "@/lib/integrations/connections/log/queries";

interface Props {
  /** The log's own address. */
  here: string;
  events: LoggedEvent[];
  viewer: Viewer;
}

export const eventTones: Record<LoggedEvent["state"], BadgeTone> = { received: "accent", read: "positive", duplicate: "neutral", unreadable: "danger" };

/** One event a row, as lines rather than columns: it reads the same on a phone. */
export async function EventList({ here, events, viewer }: Props) {
  const t = await getTranslations("integrations.log");
  return (
    <ul className="divide-y divide-line">
      {events.map((event) => (
        <li key={event.id} className="px-4 py-3 text-sm">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Badge tone={eventTones[event.state]}>{t(`states.${event.state}`)}</Badge>
            <Link href={`${here}/${event.id}`} className="min-w-0 font-medium break-words hover:underline">
              {event.title ?? event.event ?? t("unnamed")}
            </Link>
          </p>
          <p className="mt-0.5 break-words text-ink-muted">
            {event.event && event.title && <code className="text-xs">{event.event}</code>}
            {event.event && event.title && " · "}
            {event.actorName && `${t("by", { name: event.actorName })} · `}
            <Moment at={event.receivedAt} viewer={viewer} /> · {t(`proofs.${event.proof}`)}
          </p>
          {event.state === "read" && (
            <p className="mt-0.5 text-ink-muted">
              {t("matched", { count: event.matches })} · {t("told", { count: event.told })}
              {event.deliveries > 0 && ` · ${t("delivered", { done: event.delivered, count: event.deliveries })}`}
              {event.replays > 0 && ` · ${t("replayed", { count: event.replays })}`}
            </p>
          )}
          {event.state === "unreadable" && event.reason && <p className="mt-0.5 break-words text-danger">{event.reason}</p>}
        </li>
      ))}
    </ul>
  );
}
