import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Moment } from "@/components/settings/moment";
import type { Viewer } from "@/lib/platform/i18n/formats";
import type { Health } from "@/lib/integrations/connections/health/queries";
import type { Connection } from "@/lib/integrations/connections/queries";
import { VerdictBadge } from "./verdict-badge";

interface Props {
  organization: string;
  connections: { connection: Connection; health: Health }[];
  viewer: Viewer;
}

/** Each connection with what matters of its health: what to do comes before what is well. */
export async function ConnectionList({ organization, connections, viewer }: Props) {
  const t = await getTranslations("integrations");
  return (
    <ul className="divide-y divide-line">
      {connections.map(({ connection, health }) => (
        <li key={connection.id} className="px-4 py-3">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
            <Link href={`/${organization}/settings/integrations/${connection.id}`} className="min-w-0 break-words hover:underline">
              {connection.name}
            </Link>
            <span className="text-sm font-normal text-ink-muted">{t(`plugins.${connection.plugin === "jira" ? "jira" : "generic"}`)}</span>
            <VerdictBadge verdict={health.verdict} />
          </p>
          <p className="mt-0.5 text-sm break-words text-ink-muted">
            {health.token.state !== "none" && <>{t(`row.token.${health.token.state}`)} · </>}
            {t(`row.webhook.${health.webhook.state}`)} ·{" "}
            {health.lastReceivedAt ? t.rich("row.last", { when: () => <Moment at={health.lastReceivedAt ?? connection.createdAt} viewer={viewer} /> }) : t("row.none")} ·{" "}
            {t("row.day", { count: health.day.received })}
          </p>
        </li>
      ))}
    </ul>
  );
}
