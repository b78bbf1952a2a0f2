import { Plug } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ConnectionList } from "@/components/integrations/connection-list";
import { GenericForm } from "@/components/integrations/generic-form";
import { JiraNotSetUp } from "@/components/integrations/jira-not-set-up";
import { LiveConnections } from "@/components/integrations/live-connections";
import { ProblemNotice } from "@/components/integrations/problem-notice";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { healthOfAll } from "@/lib/integrations/connections/health/queries";
import { connectionsOf } from "@/lib/integrations/connections/queries";
import { jiraSetUp } from "@/lib/integrations/connections/sites/queries";
import { pageMember } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("integrations"))("title") };
}

export default async function IntegrationsPage({ params, searchParams }: Props) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/integrations`);
  if (!settingsAccess(member).manages) notFound();
  const t = await getTranslations("integrations");
  const [connections, health] = await Promise.all([connectionsOf(member), healthOfAll(member)]);
  const shown = connections.flatMap((connection) => {
    const how = health.get(connection.id);
    return how ? [{ connection, health: how }] : [];
  });
  const setUp = jiraSetUp();
  const hasJira = connections.some(({ plugin }) => plugin === "jira");
  const connected = Number(await queryText(searchParams, "connected"));
  const connect = setUp.ready && (
    // Leaves the application, so nothing may fetch it ahead.
    <a href={`/oauth/jira/start?${new URLSearchParams({ organization: org, purpose: "connect" })}`} className={buttonStyle("primary", "sm")}>
      {t(hasJira ? "connectAnother" : "connectJira")}
    </a>
  );
  return (
    <div className="flex flex-col gap-6">
      <LiveConnections awaiting={false} />
      <ProblemNotice problem={await queryText(searchParams, "problem")} />
      {connected > 1 && (
        <Notice tone="positive" role="status">
          {t("connectedCount", { count: connected })}
        </Notice>
      )}
      {(await queryText(searchParams, "disconnected")) && (
        <Notice tone="positive" role="status">
          {t("disconnected")}
        </Notice>
      )}
      <Card id="connections" title={t("title")} aside={shown.length > 0 && connect} flush>
        {shown.length === 0 ? (
          <EmptyState icon={Plug} title={t("emptyTitle")} action={connect}>
            <p>{t("empty")}</p>
            {setUp.ready && <p className="mt-2">{t("consent")}</p>}
          </EmptyState>
        ) : (
          <>
            <p className="px-4 py-3 text-sm text-ink-muted">{t("lead")}</p>
            <div className="border-t border-line">
              <ConnectionList organization={org} connections={shown} viewer={member} />
            </div>
          </>
        )}
      </Card>
      {!setUp.ready && <JiraNotSetUp callbackUrl={setUp.callbackUrl} />}
      <Card id="generic" title={t("generic.title")}>
        <p className="mb-4 text-sm text-ink-muted">{t("generic.lead")}</p>
        <GenericForm organization={org} />
      </Card>
    </div>
  );
}
