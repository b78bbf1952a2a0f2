import { clsx } from "clsx";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Formats } from "@/lib/platform/i18n/formats";
import type { CalendarEntry } from "@/lib/meetings/calendar/queries";
import { entryLook, entryNote } from "./entry-look";

interface Props {
  organization: string;
  entry: CalendarEntry;
  formats: Formats;
  /** `line`: in a month cell. `block`: as tall as it is long, in a week; `short` where that leaves room for one line only. */
  look: "line" | "short" | "block";
  className?: string;
}

/** A meeting in a calendar cell; its accessible name says time, title and my answer. */
export function EntryLink({ organization, entry, formats, look, className }: Props) {
  const t = useTranslations("meetings");
  const note = entryNote(entry);
  const start = entry.startsHere ? formats.time(entry.startsAt) : `– ${formats.time(entry.endsAt)}`;
  return (
    <Link
      href={`/${organization}/meetings/${entry.id}`}
      prefetch={false}
      className={clsx(
        "min-w-0 overflow-hidden rounded-md border text-xs hover:brightness-97 dark:hover:brightness-115",
        look === "block" ? "block border-l-3 px-1.5 py-0.5 leading-tight" : "flex min-h-6 items-center gap-1.5 px-1.5",
        look === "short" && "flex-row-reverse justify-end border-l-3",
        entryLook(entry),
        className,
      )}
    >
      <time dateTime={entry.startsAt.toISOString()} className={clsx("tabular shrink-0 text-ink-muted", look === "block" && "block")}>
        {look === "block" && entry.startsHere ? formats.timeRange(entry.startsAt, entry.endsAt) : start}
      </time>
      <span className={look === "block" ? "line-clamp-3 font-medium" : "truncate font-medium"}>{entry.title}</span>
      {note && <span className="sr-only">, {t(`note.${note}`)}</span>}
    </Link>
  );
}
