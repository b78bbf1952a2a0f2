import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { NotificationViews } from "@/components/preferences/notification-views";
import { PreferenceGrid } from "@/components/preferences/preference-grid";
import { Card } from "@/components/ui/card";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { setOrganizationDefaultAction } from "@/lib/notifications/preferences/actions";
import { organizationDefaults } from "@/lib/notifications/preferences/queries";
import { pageMember } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("preferences.organization"))("title") };
}

export default async function OrganizationDefaultsPage({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/notifications/organization`);
  if (!settingsAccess(member).manages) notFound();
  const [t, rows] = await Promise.all([getTranslations("preferences"), organizationDefaults(member)]);
  return (
    <ClientMessages namespaces={["preferences"]}>
      <div className="flex flex-col gap-6">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-64 text-sm text-ink-muted">{t("organization.lead", { organization: member.organizationName })}</p>
          <NotificationViews organization={org} current="organization" />
        </div>
        <Card id="defaults" title={t("organization.title")} flush>
          <p className="px-4 pt-3 pb-1 text-sm text-ink-muted no-js:hidden">{t("grid.lead")}</p>
          <p className="hidden px-4 pt-3 pb-1 text-sm text-ink-muted no-js:block">{t("grid.leadPlain")}</p>
          <PreferenceGrid rows={rows} action={setOrganizationDefaultAction.bind(null, org)} level="organization" />
        </Card>
      </div>
    </ClientMessages>
  );
}
