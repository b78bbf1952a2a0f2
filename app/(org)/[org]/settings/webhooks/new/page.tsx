import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { EndpointForm } from "@/components/endpoints/endpoint-form";
import { BackLink } from "@/components/integrations/back-link";
import { Card } from "@/components/ui/card";
import { hoursDefault, hoursMax } from "@/lib/integrations/outgoing/endpoints/inputs";
import { pageMember } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("endpoints"))("addTitle") };
}

export default async function NewWebhookPage({ params }: Props) {
  const { org } = await params;
  const home = `/${org}/settings/webhooks`;
  const member = await pageMember(org, `${home}/new`);
  if (!settingsAccess(member).manages) notFound();
  const t = await getTranslations("endpoints");
  return (
    <div className="flex flex-col gap-4">
      <BackLink href={home} label={t("back")} />
      <Card id="new" title={t("addTitle")}>
        <EndpointForm organization={org} hours={{ most: hoursMax, usual: hoursDefault }} />
      </Card>
    </div>
  );
}
