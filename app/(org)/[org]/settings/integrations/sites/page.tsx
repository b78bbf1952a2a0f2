import { Globe } from "lucide-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { ChooseSitesForm } from "@/components/integrations/choose-sites-form";
import { BackLink } from "@/components/integrations/back-link";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { Refused } from "@/lib/platform/errors";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { siteChoices } from "@/lib/integrations/connections/sites/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("integrations.sites"))("title") };
}

export default async function SitesPage({ params, searchParams }: Props) {
  const { org } = await params;
  const home = `/${org}/settings/integrations`;
  const member = await pageMember(org, home);
  if (!settingsAccess(member).manages) notFound();
  const credentialId = (await queryText(searchParams, "credential")) ?? "";
  if (!credentialId) redirect(home);
  const t = await getTranslations("integrations.sites");
  const found = await choicesOr(member, credentialId);
  const again = (
    <a href={`/oauth/jira/start?${new URLSearchParams({ organization: org, purpose: "connect" })}`} className={buttonStyle("primary", "sm")}>
      {t("again")}
    </a>
  );
  return (
    <div className="flex flex-col gap-6">
      <BackLink href={home} />
      <Card id="sites" title={t("title")}>
        {found instanceof Refused ? (
          <Failed refused={found} again={again} />
        ) : found.sites.length === 0 ? (
          <EmptyState icon={Globe} title={t("zeroTitle")} action={again}>
            {t("zero")}
          </EmptyState>
        ) : (
          <>
            <p className="mb-5 text-sm text-ink-muted">{t("lead", { account: found.accountName })}</p>
            <ChooseSitesForm organization={org} credentialId={credentialId} sites={found.sites.map(({ cloudId, name, url, standing }) => ({ cloudId, name, url, standing }))} />
          </>
        )}
      </Card>
    </div>
  );
}

/** What Atlassian does not tell now is said on the page, not by an error. */
async function choicesOr(member: Member, credentialId: string) {
  try {
    return await siteChoices(member, credentialId);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code === "NOT_FOUND") notFound();
    return error;
  }
}

async function Failed({ refused, again }: { refused: Refused; again: ReactNode }) {
  const t = await getTranslations();
  return (
    <Notice tone="danger" title={t("integrations.sites.failedTitle")}>
      <p className="mb-3">{t(`refusals.${refused.code}`)}</p>
      {again}
    </Notice>
  );
}
