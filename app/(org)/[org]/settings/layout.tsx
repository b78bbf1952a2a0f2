import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { SettingsTabs } from "@/components/settings/settings-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { pageMember } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  children: ReactNode;
  params: Promise<{ org: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("title") };
}

export default async function SettingsLayout({ children, params }: Props) {
  const member = await pageMember((await params).org);
  const t = await getTranslations("settings");
  return (
    <ClientMessages namespaces={["settings", "organizations"]}>
      <PageHeader title={t("title")} />
      <SettingsTabs organization={member.organizationSlug} manages={settingsAccess(member).manages} />
      <div className="max-w-3xl">{children}</div>
    </ClientMessages>
  );
}
