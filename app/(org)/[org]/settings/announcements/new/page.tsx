import { FileText } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { AnnounceForm } from "@/components/announcements/announce-form";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { clock } from "@/lib/platform/clock";
import { wallClockIn } from "@/lib/platform/i18n/formats";
import { newId } from "@/lib/platform/ids";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { preferenceChannels } from "@/lib/notifications/inputs";
import { listTemplates, type CustomTemplate } from "@/lib/notifications/custom-templates/queries";
import { pageMember } from "@/lib/organizations/actor";
import { roles } from "@/lib/organizations/inputs";
import { organizationMemberCount, organizationWorkspaces } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates.announcements"))("new") };
}

export default async function NewAnnouncementPage({ params, searchParams }: Props) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/announcements/new`);
  const [t, key, templates, workspaces, memberCount] = await Promise.all([
    getTranslations("templates.announcements"),
    queryText(searchParams, "template"),
    listTemplates(member),
    organizationWorkspaces(member),
    organizationMemberCount(member),
  ]);
  const template = templates.find((one) => one.key === key);
  if (!template) return <Choose templates={templates} organization={org} />;
  const { date, time } = wallClockIn(member.timeZone, clock.now());
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h2 className="text-lg font-semibold break-words">{t("form.with", { name: template.name })}</h2>
        <Link href={`/${org}/settings/announcements/new`} className="inline-flex min-h-8 items-center text-sm text-accent-ink underline underline-offset-2">
          {t("choose")}
        </Link>
      </div>
      <AnnounceForm
        organization={org}
        template={{ key: template.key, name: template.name, variables: template.variables }}
        memberCount={memberCount}
        workspaces={workspaces.map(({ id, name, memberCount: count }) => ({ id, name, memberCount: count }))}
        roles={roles}
        channels={preferenceChannels}
        requestKey={newId("request")}
        zone={member.timeZone}
        earliest={`${date}T${time}`}
      />
    </div>
  );
}

async function Choose({ templates, organization }: { templates: CustomTemplate[]; organization: string }) {
  const t = await getTranslations("templates");
  return (
    <Card id="choose" title={t("announcements.choose")} flush>
      {templates.length === 0 ? (
        <EmptyState
          icon={FileText}
          title={t("emptyTitle")}
          action={
            <LinkButton href={`/${organization}/settings/templates/new`} variant="primary">
              {t("new")}
            </LinkButton>
          }
        >
          {t("announcements.needTemplate")}
        </EmptyState>
      ) : (
        <>
          <p className="px-4 py-3 text-sm text-ink-muted">{t("announcements.chooseLead")}</p>
          <ul className="divide-y divide-line border-t border-line">
            {templates.map(({ id, key, name, content }) => (
              <li key={id} className="relative px-4 py-3 hover:bg-hover">
                <Link href={`/${organization}/settings/announcements/new?template=${key}`} className="font-medium break-words after:absolute after:inset-0">
                  {name}
                </Link>
                <p className="text-sm break-words text-ink-muted">{content.en.subject}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
