"use client";

import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { DryRun } from "@/lib/integrations/subscriptions/dry-run/rules";

interface Props {
  /** Null when it was never tried; `stale` when it cannot be tried as it stands now. */
  tried: DryRun | null;
  stale: boolean;
  /** What oneself would have been told, rather than what matches. */
  own: boolean;
  viewer: Viewer;
}

/** What a subscription would have brought. Said politely: it changes with every key. */
export function Trial({ tried, stale, own, viewer }: Props) {
  const t = useTranslations("subscriptions.try");
  const formats = formatsFor(viewer);
  const days = tried ? Math.max(1, Math.round((tried.to.getTime() - tried.from.getTime()) / 86_400_000)) : 0;
  return (
    <div role="status">
      {stale && <p className="text-sm text-ink-muted">{t("stale")}</p>}
      {!stale && !tried && <p className="text-sm text-ink-muted">{t("empty")}</p>}
      {!stale && tried && (
        <div className="flex flex-col gap-3">
          <p className="font-medium text-pretty">{t(own ? "told" : "found", { count: tried.matched, days, rate: new Intl.NumberFormat(viewer.locale).format(tried.perDay) })}</p>
          {!tried.complete && <Notice>{t("partly", { since: formats.dayTime(tried.from) })}</Notice>}
          {tried.examples.length > 0 && (
            <div>
              <h3 className="mb-1 text-sm text-ink-muted">{t("last")}</h3>
              <ul className="divide-y divide-line">
                {tried.examples.map(({ id, at, title }) => (
                  <li key={id} className="flex flex-wrap justify-between gap-x-4 py-1.5 text-sm">
                    <span className="min-w-0 flex-1 basis-48 break-words">{title}</span>
                    <time dateTime={at.toISOString()} className="tabular text-ink-muted">
                      {formats.dayTime(at)}
                    </time>
                  </li>
                ))}
              </ul>
            </div>
          )}
        </div>
      )}
    </div>
  );
}
