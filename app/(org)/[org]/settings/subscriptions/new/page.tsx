import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/integrations/back-link";
import { SubscriptionForm } from "@/components/subscriptions/subscription-form";
import { Tabs } from "@/components/ui/tabs";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { pageMember } from "@/lib/organizations/actor";
import { subscriptionChoices, targetChoices } from "@/lib/integrations/subscriptions/wishes/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subscriptions.form"))("newTitle") };
}

const ownEvents = "moim";

export default async function NewSubscriptionPage({ params, searchParams }: Props) {
  const { org } = await params;
  const home = `/${org}/settings/subscriptions`;
  const member = await pageMember(org, `${home}/new`);
  const [t, { sources, endpoints, person }, wanted] = await Promise.all([getTranslations("subscriptions"), subscriptionChoices(member), queryText(searchParams, "source")]);
  const source = sources.find(({ id }) => (id ?? ownEvents) === wanted) ?? sources[0];
  if (!source) redirect(home);
  const { locale, timeZone, hourCycle, weekStart } = member;
  return (
    <div className="flex flex-col gap-4">
      <BackLink href={home} label={t("back")} />
      <h2 className="text-lg font-semibold">{t("form.newTitle")}</h2>
      {sources.length > 1 && (
        <Tabs
          label={t("form.source")}
          tabs={sources.map(({ id, name }) => ({ href: `${home}/new?source=${id ?? ownEvents}`, label: name, current: id === source.id }))}
        />
      )}
      <ClientMessages namespaces={["subscriptions"]}>
        <SubscriptionForm
          key={source.id ?? ownEvents}
          organization={org}
          source={{ id: source.id, plugin: source.plugin, events: source.events }}
          subscription={null}
          choices={await targetChoices(member, endpoints)}
          linked={person !== null || source.plugin !== "jira"}
          viewer={{ locale, timeZone, hourCycle, weekStart }}
        />
      </ClientMessages>
    </div>
  );
}
