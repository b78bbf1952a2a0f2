import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/integrations/back-link";
import { ReplayForm } from "@/components/subscriptions/replay-form";
import { SubscriptionForm } from "@/components/subscriptions/subscription-form";
import { Card } from "@/components/ui/card";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { Refused } from "@/lib/platform/errors";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { subscriptionChoices, subscriptionDetails, targetChoices, type SubscriptionView } from "@/lib/integrations/subscriptions/wishes/queries";

interface Props {
  params: Promise<{ org: string; id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subscriptions.form"))("editTitle") };
}

export default async function SubscriptionPage({ params }: Props) {
  const { org, id: wanted } = await params;
  const home = `/${org}/settings/subscriptions`;
  const member = await pageMember(org, `${home}/${wanted}`);
  const subscription = await found(member, wanted);
  const [t, { sources, endpoints, person }] = await Promise.all([getTranslations("subscriptions"), subscriptionChoices(member)]);
  const { id, version, name, events, filter, target, memberIds, workspaceId, endpointId, connectionId, pausedAt } = subscription;
  const source = sources.find((known) => known.id === connectionId);
  if (!source) notFound();
  const { locale, timeZone, hourCycle, weekStart } = member;
  return (
    <div className="flex flex-col gap-4">
      <BackLink href={home} label={t("back")} />
      <h2 className="text-lg font-semibold break-words">{name}</h2>
      <ClientMessages namespaces={["subscriptions"]}>
        <div className="flex flex-col gap-6">
          <SubscriptionForm
            organization={org}
            source={{ id: source.id, plugin: source.plugin, events: source.events }}
            subscription={{ id, version, name, events, filter, target, memberIds, workspaceId, endpointId }}
            choices={await targetChoices(member, endpoints)}
            linked={person !== null || source.plugin !== "jira"}
            viewer={{ locale, timeZone, hourCycle, weekStart }}
          />
          {connectionId !== null && !pausedAt && (
            <Card id="replay" title={t("replay.title")}>
              <ReplayForm organization={org} subscriptionId={id} toEndpoint={target === "endpoint"} />
            </Card>
          )}
        </div>
      </ClientMessages>
    </div>
  );
}

/** Whoever may only know of it finds it in the list, not here. */
async function found(member: Member, id: string): Promise<SubscriptionView> {
  try {
    const subscription = await subscriptionDetails(member, id);
    if (!subscription.mayChange) notFound();
    return subscription;
  } catch (error) {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
