import { MapPin, Video } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { clsx } from "clsx";
import { Badge } from "@/components/ui/badge";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { CalendarDay, CalendarEntry } from "@/lib/meetings/calendar/queries";
import { entryNote } from "./entry-look";

interface Props {
  organization: string;
  viewer: Viewer;
  days: CalendarDay[];
  today: string;
}

/** The days that hold something, one after another. */
export async function AgendaView({ organization, viewer, days, today }: Props) {
  const t = await getTranslations("meetings");
  const formats = formatsFor(viewer);
  return (
    <ol className="flex flex-col gap-6">
      {days
        .filter(({ entries }) => entries.length > 0)
        .map(({ date, entries }, index) => (
          <li key={date} className="grid gap-x-6 gap-y-2 md:grid-cols-[11rem_minmax(0,1fr)]">
            <h2 className={clsx("text-sm md:pt-3", date === today ? "font-semibold text-accent-ink" : "font-medium")}>
              <span data-day={date} data-day-current={index === 0 || undefined} tabIndex={index === 0 ? 0 : -1} className="rounded-sm">
                <span className="block first-letter:uppercase">{formats.longDay(`${date}T12:00:00Z`, "UTC")}</span>
                {date === today && t("today")}
              </span>
            </h2>
            <EntryList organization={organization} viewer={viewer} entries={entries} />
          </li>
        ))}
    </ol>
  );
}

export async function EntryList({ organization, viewer, entries }: { organization: string; viewer: Viewer; entries: CalendarEntry[] }) {
  const t = await getTranslations("meetings");
  const formats = formatsFor(viewer);
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
      {entries.map((entry) => {
        const note = entryNote(entry);
        const off = note === "cancelled" || note === "declined";
        return (
          <li key={entry.id}>
            <Link
              href={`/${organization}/meetings/${entry.id}`}
              prefetch={false}
              className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-3 hover:bg-hover"
            >
              <time dateTime={entry.startsAt.toISOString()} className="w-40 shrink-0 text-sm text-ink-muted">
                {formats.timeRange(entry.startsAt, entry.endsAt)}
              </time>
              <span className="min-w-0 flex-1 basis-40">
                <span className={clsx("font-medium", off && "text-ink-muted", note === "cancelled" && "line-through")}>{entry.title}</span>
                {(entry.location || entry.joinUrl) && (
                  <span className="mt-0.5 flex items-center gap-1.5 text-sm text-ink-muted">
                    {entry.location ? <MapPin aria-hidden className="size-3.5 shrink-0" /> : <Video aria-hidden className="size-3.5 shrink-0" />}
                    <span className="truncate">{entry.location || t("online")}</span>
                  </span>
                )}
              </span>
              {note && <Badge tone={note === "needs-action" ? "caution" : "neutral"}>{t(`note.${note}`)}</Badge>}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
