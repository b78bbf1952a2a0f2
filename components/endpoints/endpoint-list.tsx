import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Moment } from "@/components/settings/moment";
import type { Viewer } from "@/lib/platform/i18n/formats";
import type { EndpointDetails } from "@/lib/integrations/outgoing/endpoints/queries";
import { HealthBadge } from "./health";

export async function EndpointList({ organization, endpoints, viewer }: { organization: string; endpoints: EndpointDetails[]; viewer: Viewer }) {
  const t = await getTranslations("endpoints.list");
  return (
    <ul className="divide-y divide-line">
      {endpoints.map((endpoint) => (
        <li key={endpoint.id} className="relative px-4 py-3 hover:bg-hover">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Link href={`/${organization}/settings/webhooks/${endpoint.id}`} className="min-w-0 text-sm font-medium break-words after:absolute after:inset-0">
              {endpoint.name}
            </Link>
            <HealthBadge endpoint={endpoint} />
          </p>
          <p className="mt-0.5 text-sm break-all text-ink-muted">{endpoint.url}</p>
          <p className="mt-0.5 text-sm text-ink-muted">
            {endpoint.lastDeliveredAt ? (
              <>
                {t("last")} <Moment at={endpoint.lastDeliveredAt} viewer={viewer} />
              </>
            ) : (
              t("never")
            )}
            {endpoint.waiting > 0 && ` · ${t("waiting", { count: endpoint.waiting })}`}
            {endpoint.failed > 0 && ` · ${t("failed", { count: endpoint.failed })}`}
          </p>
        </li>
      ))}
    </ul>
  );
}
