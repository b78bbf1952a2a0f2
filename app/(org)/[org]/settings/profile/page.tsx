import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ProfileForm } from "@/components/settings/profile-form";
import { Card } from "@/components/ui/card";
import { clock } from "@/lib/platform/clock";
import { zoneOptions } from "@/lib/platform/i18n/time-zones";
import { hourCycles, weekStarts } from "@/lib/organizations/account/inputs";
import { pageMember } from "@/lib/organizations/actor";
import { currentSession } from "@/lib/platform/auth/session";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.profile"))("title") };
}

export default async function ProfilePage({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/profile`);
  const session = await currentSession();
  const t = await getTranslations("settings.profile");
  return (
    <Card id="profile" title={t("title")}>
      <p className="mb-5 text-sm text-ink-muted">{t("lead")}</p>
      <ProfileForm
        profile={session?.user ?? member}
        zones={zoneOptions(member.locale, clock.now(), member.timeZone)}
        hourCycles={hourCycles}
        weekStarts={weekStarts}
      />
    </Card>
  );
}
