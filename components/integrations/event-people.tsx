import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Moment } from "@/components/settings/moment";
import { Card } from "@/components/ui/card";
import type { Viewer } from "@/lib/platform/i18n/formats";
import type { WebhookDetail } from "@/lib/integrations/ingest/queries";

/** Which subscriptions asked for it, and which people heard of it. */
export async function EventPeople({ organization, event, viewer }: { organization: string; event: WebhookDetail; viewer: Viewer }) {
  const t = await getTranslations("integrations.event");
  return (
    <>
      <Card id="matched" title={t("matched")} flush>
        {event.matched.length === 0 && <p className="px-4 py-3 text-sm text-ink-muted">{t("noMatch")}</p>}
        <ul className="divide-y divide-line">
          {event.matched.map(({ id, name, target }) => (
            <li key={id} className="px-4 py-2.5 text-sm">
              <span className="break-words">{name}</span> <span className="text-ink-muted">· {t(`targets.${target as "me"}`)}</span>
            </li>
          ))}
        </ul>
      </Card>
      <Card
        id="told"
        title={t("told")}
        aside={
          event.told.length > 0 && (
            <Link href={`/${organization}/settings/deliveries?within=30d#search`} className="inline-flex min-h-8 items-center text-sm text-accent-ink underline underline-offset-2">
              {t("trace")}
            </Link>
          )
        }
        flush
      >
        {event.told.length === 0 && <p className="px-4 py-3 text-sm text-ink-muted">{t("nobody")}</p>}
        <ul className="divide-y divide-line">
          {event.told.map(({ memberId, name, at }) => (
            <li key={memberId} className="flex flex-wrap gap-x-2 px-4 py-2.5 text-sm">
              <Link href={`/${organization}/settings/deliveries?${new URLSearchParams({ person: name, within: "30d" })}#search`} className="break-words text-accent-ink underline">
                {name}
              </Link>
              <span className="text-ink-muted">
                <Moment at={at} viewer={viewer} />
              </span>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
