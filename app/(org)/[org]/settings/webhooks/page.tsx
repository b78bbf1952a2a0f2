import { Webhook } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { EndpointList } from "@/components/endpoints/endpoint-list";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { endpointsOf } from "@/lib/integrations/outgoing/endpoints/queries";
import { pageMember } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("endpoints"))("title") };
}

export default async function WebhooksPage({ params, searchParams }: Props) {
  const { org } = await params;
  const here = `/${org}/settings/webhooks`;
  const member = await pageMember(org, here);
  if (!settingsAccess(member).manages) notFound();
  const t = await getTranslations("endpoints");
  const endpoints = await endpointsOf(member);
  const add = (
    <LinkButton href={`${here}/new`} variant="primary" size="sm">
      {t("add")}
    </LinkButton>
  );
  return (
    <div className="flex flex-col gap-6">
      {(await queryText(searchParams, "deleted")) && (
        <Notice tone="positive" role="status">
          {t("deleted")}
        </Notice>
      )}
      <Card id="webhooks" title={t("title")} aside={endpoints.length > 0 && add} flush>
        {endpoints.length === 0 ? (
          <EmptyState icon={Webhook} title={t("emptyTitle")} action={add}>
            <p>{t("lead")}</p>
            <p className="mt-2">{t("empty")}</p>
          </EmptyState>
        ) : (
          <>
            <p className="px-4 py-3 text-sm text-ink-muted">{t("lead")}</p>
            <div className="border-t border-line">
              <EndpointList organization={org} endpoints={endpoints} viewer={member} />
            </div>
          </>
        )}
      </Card>
    </div>
  );
}
