import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { InboxRow } from "@/lib/notifications/inbox/queries";

interface Props {
  rows: InboxRow[];
  more: boolean;
  /** The sentence of the line above them. */
  line: string;
  organization: string;
  viewer: Viewer;
  now: Date;
}

/** What stands under one line of the inbox; each leads to its receipt, because what it is about is what the line leads to. */
export async function EarlierRows({ rows, more, line, organization, viewer, now }: Props) {
  const t = await getTranslations("inbox");
  const formats = formatsFor(viewer);
  return (
    <div className="relative z-10 mt-2">
      <ol aria-label={t("threadOf", { line })} className="border-l border-line pl-3">
        {rows.map((row) => (
          <li key={row.id} className="py-1.5 text-sm">
            <Link href={`/${organization}/inbox/${row.id}`} className="rounded-sm break-words hover:underline">
              {row.brief ?? row.sentence}
            </Link>
            {row.readAt === null && <span className="sr-only">, {t("isUnread")}</span>}
            <span className="text-ink-muted">
              {" · "}
              <time dateTime={row.occurredAt.toISOString()} title={formats.exact(row.occurredAt)}>
                {formats.relative(row.occurredAt, now)}
              </time>
            </span>
            {row.line.words && <span className="mt-0.5 block break-words text-ink-muted">“{row.line.words}”</span>}
          </li>
        ))}
      </ol>
      {more && <p className="mt-1 text-sm text-ink-muted">{t("threadLast", { count: rows.length })}</p>}
    </div>
  );
}
