import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { QuotaCard } from "@/components/media/quota-card";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { OrganizationForm } from "@/components/settings/organization-form";
import { CreateWorkspaceForm, RenameWorkspaceForm } from "@/components/settings/workspace-forms";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { clock } from "@/lib/platform/clock";
import { zoneOptions } from "@/lib/platform/i18n/time-zones";
import { quotaOf } from "@/lib/feed/media/queries";
import { pageMember } from "@/lib/organizations/actor";
import { removeMemberAction } from "@/lib/organizations/membership/actions";
import { organizationSettings, organizationWorkspaces, settingsAccess } from "@/lib/organizations/queries";
import { myWorkspaces } from "@/lib/organizations/workspaces/queries";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.organization"))("title") };
}

export default async function OrganizationPage({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/organization`);
  const [t, w, settings, workspaces, own] = await Promise.all([
    getTranslations("settings.organization"),
    getTranslations("workspaces"),
    organizationSettings(member),
    organizationWorkspaces(member),
    myWorkspaces(member),
  ]);
  const mine = new Set(own.map(({ id }) => id));
  const { manages } = settingsAccess(member);
  const quota = manages ? await quotaOf(member) : null;
  return (
    <div className="flex flex-col gap-6">
      <Card id="organization" title={t("title")}>
        {manages ? (
          <OrganizationForm settings={settings} zones={zoneOptions(member.locale, clock.now(), settings.timeZone)} />
        ) : (
          <>
            <p className="font-medium">{settings.name}</p>
            <p className="mt-1 text-sm text-ink-muted">{t("readOnly")}</p>
          </>
        )}
      </Card>
      <Card id="workspaces" title={t("workspaces")} flush>
        <p className="px-4 pt-4 text-sm text-ink-muted">{t("workspacesLead")}</p>
        <ul className="mt-2 divide-y divide-line">
          {workspaces.map((workspace) => (
            <li key={workspace.id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3">
              <div>
                <p className="font-medium">{workspace.name}</p>
                <p className="text-sm text-ink-muted">{t("memberCount", { count: workspace.memberCount })}</p>
              </div>
              <div className="flex flex-wrap items-start gap-1">
                {(manages || mine.has(workspace.id)) && (
                  <LinkButton href={`/${org}/settings/workspaces/${workspace.slug}`} size="sm">
                    <span aria-hidden="true">{w("manage")}</span>
                    <span className="sr-only">{w("manageNamed", { name: workspace.name })}</span>
                  </LinkButton>
                )}
                {manages && <RenameWorkspaceForm organization={org} workspace={workspace} />}
              </div>
            </li>
          ))}
        </ul>
        {manages && (
          <div className="border-t border-line p-4">
            <CreateWorkspaceForm organization={org} />
          </div>
        )}
      </Card>
      {quota && <QuotaCard quota={quota} />}
      <Card id="leave" title={t("leaveTitle", { organization: settings.name })}>
        <div className="flex flex-wrap items-start justify-between gap-3">
          <p className="min-w-0 flex-1 basis-64 text-sm text-ink-muted">{t("leaveText")}</p>
          <ConfirmedForm
            action={removeMemberAction.bind(null, org)}
            values={{ memberId: member.id }}
            question={t("leaveText")}
            aria-label={t("leaveTitle", { organization: settings.name })}
          >
            {t("leave")}
          </ConfirmedForm>
        </div>
      </Card>
    </div>
  );
}
