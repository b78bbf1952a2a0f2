import { MapPin, Video } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Badge } from "@/components/ui/badge";
import { formatsFor, wallClockIn, type Viewer } from "@/lib/platform/i18n/formats";
import type { CalendarMeeting } from "@/lib/meetings/queries";
import { entryNote } from "./entry-look";

interface Props {
  organization: string;
  viewer: Viewer;
  meetings: CalendarMeeting[];
  now: Date;
  today: string;
}

/** What comes next, day by day, today first. */
export async function UpcomingList({ organization, viewer, meetings, now, today }: Props) {
  const t = await getTranslations("meetings");
  const formats = formatsFor(viewer);
  const days = new Map<string, CalendarMeeting[]>();
  for (const meeting of meetings) {
    // One that runs over midnight belongs to today.
    const { date } = wallClockIn(viewer.timeZone, meeting.startsAt < now ? now : meeting.startsAt);
    days.set(date, [...(days.get(date) ?? []), meeting]);
  }
  return (
    <ol className="divide-y divide-line">
      {[...days].map(([date, onDay]) => (
        <li key={date} className="px-4 pt-3 pb-1.5">
          <h3 className={date === today ? "text-xs font-semibold text-accent-ink" : "text-xs font-medium text-ink-muted first-letter:uppercase"}>
            {date === today ? t("today") : formats.longDay(`${date}T12:00:00Z`, "UTC")}
          </h3>
          <ul className="mt-1">
            {onDay.map((meeting) => {
              const note = entryNote(meeting);
              const running = meeting.startsAt <= now;
              return (
                <li key={meeting.id} className="relative -mx-2 flex flex-wrap items-center gap-x-4 gap-y-0.5 rounded-lg px-2 py-2 hover:bg-hover">
                  <time dateTime={meeting.startsAt.toISOString()} className="w-40 shrink-0 text-sm text-ink-muted">
                    {formats.timeRange(meeting.startsAt, meeting.endsAt)}
                  </time>
                  <div className="min-w-0 flex-1 basis-36">
                    <Link href={`/${organization}/meetings/${meeting.id}`} className="font-medium after:absolute after:inset-0 after:rounded-lg">
                      {meeting.title}
                    </Link>
                    {meeting.location && (
                      <p className="flex items-center gap-1.5 text-sm text-ink-muted">
                        <MapPin aria-hidden className="size-3.5 shrink-0" />
                        <span className="truncate">{meeting.location}</span>
                      </p>
                    )}
                  </div>
                  {running && <Badge tone="accent">{t("runningNow")}</Badge>}
                  {note && <Badge tone={note === "needs-action" ? "caution" : "neutral"}>{t(`note.${note}`)}</Badge>}
                  {meeting.joinUrl && (
                    <a
                      href={meeting.joinUrl}
                      target="_blank"
                      rel="noopener noreferrer"
                      aria-label={t("joinNamed", { title: meeting.title })}
                      className="relative z-10 inline-flex min-h-8 items-center gap-1.5 rounded-lg px-2 text-sm font-medium text-accent-ink hover:bg-accent-soft"
                    >
                      <Video aria-hidden className="size-4" />
                      {t("join")}
                    </a>
                  )}
                </li>
              );
            })}
          </ul>
        </li>
      ))}
    </ol>
  );
}
