import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/integrations/back-link";
import { ConnectionNotices } from "@/components/integrations/connection-notices";
import { DynamicHooks } from "@/components/integrations/dynamic-hooks";
import { HealthPanel } from "@/components/integrations/health-panel";
import { LiveConnections } from "@/components/integrations/live-connections";
import { ManageConnection } from "@/components/integrations/manage-connection";
import { ProblemNotice } from "@/components/integrations/problem-notice";
import { RotateForm } from "@/components/integrations/rotate-form";
import { SetUp } from "@/components/integrations/set-up";
import { UnsignedSwitch } from "@/components/integrations/unsigned-switch";
import { VerdictBadge } from "@/components/integrations/verdict-badge";
import { Card } from "@/components/ui/card";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { healthOf } from "@/lib/integrations/connections/health/queries";
import { connectionOf, webhookUrlOf } from "@/lib/integrations/connections/queries";
import { registrationsOf, secretsOf } from "@/lib/integrations/hooks/queries";
import { pageMember } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string; connection: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("integrations"))("title") };
}

export default async function ConnectionPage({ params, searchParams }: Props) {
  const { org, connection: id } = await params;
  const home = `/${org}/settings/integrations`;
  const member = await pageMember(org, `${home}/${id}`);
  if (!settingsAccess(member).manages) notFound();
  const [connection, health] = await Promise.all([connectionOf(member, id), healthOf(member, id)]);
  if (!connection || !health) notFound();
  const [t, secrets, registrations] = await Promise.all([getTranslations("integrations"), secretsOf(member, id), registrationsOf(member, id)]);
  const manual = connection.hookKind === "manual";
  const jira = connection.plugin === "jira";
  return (
    <div className="flex flex-col gap-6">
      <LiveConnections awaiting={connection.verifiedAt === null || health.gap.since !== null} />
      <div>
        <BackLink href={home} />
        <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
          <span className="min-w-0 break-words">{connection.name}</span>
          <VerdictBadge verdict={health.verdict} />
        </h2>
        {connection.metadata.siteUrl && (
          <a href={connection.metadata.siteUrl} target="_blank" rel="noreferrer" className="text-sm break-all text-accent-ink underline">
            {connection.metadata.siteUrl}
          </a>
        )}
      </div>
      <ProblemNotice problem={await queryText(searchParams, "problem")} />
      <ConnectionNotices organization={org} connectionId={id} health={health} viewer={member} />
      <Card
        id="health"
        title={t("health.title")}
        aside={
          <Link href={`${home}/${id}/events`} className="inline-flex min-h-8 items-center text-sm text-accent-ink underline underline-offset-2">
            {t("manage.log")}
          </Link>
        }
      >
        <HealthPanel health={health} viewer={member} />
      </Card>
      {manual && (
        <Card id="set-up" title={t(connection.verifiedAt ? "setUp.doneTitle" : "setUp.title")}>
          <SetUp connection={connection} url={webhookUrlOf(connection)} secrets={secrets} viewer={member} />
        </Card>
      )}
      {jira && (
        <Card id="registered" title={t("dynamic.title")}>
          <DynamicHooks organization={org} connection={connection} registrations={registrations} viewer={member} />
        </Card>
      )}
      {manual && (
        <>
          <Card id="rotate" title={t("rotate.title")}>
            <p className="mb-4 text-sm text-ink-muted">{t("rotate.lead")}</p>
            <RotateForm organization={org} connectionId={id} />
          </Card>
          <Card id="unsigned" title={t("unsigned.title")}>
            <UnsignedSwitch organization={org} connectionId={id} allowed={connection.allowsUnsigned} />
          </Card>
        </>
      )}
      <Card id="manage" title={t("manage.title")} flush>
        <ManageConnection organization={org} connection={connection} />
      </Card>
    </div>
  );
}
