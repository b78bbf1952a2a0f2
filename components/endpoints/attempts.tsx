import { CircleAlert, CircleCheck } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Moment } from "@/components/settings/moment";
import type { Viewer } from "@/lib/platform/i18n/formats";
import type { OutgoingAttempt } from "@/lib/integrations/outgoing/queries";
import { Code } from "./code";

export async function Attempts({ attempts, viewer }: { attempts: OutgoingAttempt[]; viewer: Viewer }) {
  const t = await getTranslations("endpoints.delivery");
  return (
    <ol className="divide-y divide-line">
      {attempts.map((attempt) => (
        <li key={attempt.id} className="flex items-start gap-2 px-4 py-3 text-sm">
          {attempt.succeeded ? <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-positive" /> : <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />}
          <div className="min-w-0 flex-1">
            <p>
              <span className="font-medium">{t("attempt", { number: attempt.number })}</span>{" "}
              <span className="text-ink-muted">
                <Moment at={attempt.startedAt} viewer={viewer} /> · {t("took", { ms: attempt.finishedAt.getTime() - attempt.startedAt.getTime() })}
              </span>
            </p>
            <p className="break-words">{attempt.statusCode === null ? t("noAnswer", { why: attempt.fault ?? "" }) : t("answered", { status: attempt.statusCode })}</p>
            <details className="mt-1">
              <summary className="inline-flex min-h-8 cursor-pointer items-center text-ink-muted">{t("details", { number: attempt.number })}</summary>
              <p className="mt-1 text-xs text-ink-muted">{t("requestHeaders")}</p>
              <Code label={t("requestHeaders")} text={lines(attempt.requestHeaders)} />
              {attempt.responseHeaders && (
                <>
                  <p className="mt-2 text-xs text-ink-muted">{t("responseHeaders")}</p>
                  <Code label={t("responseHeaders")} text={lines(attempt.responseHeaders)} />
                  <p className="mt-2 text-xs text-ink-muted">{t("responseBody")}</p>
                  {attempt.responseBody ? <Code label={t("responseBody")} text={attempt.responseBody} /> : <p className="mt-1">{t("emptyBody")}</p>}
                </>
              )}
            </details>
          </div>
        </li>
      ))}
    </ol>
  );
}

const lines = (headers: Record<string, string>) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
