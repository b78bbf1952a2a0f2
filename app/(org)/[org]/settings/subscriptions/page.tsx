import { BellPlus, Plug } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ProblemNotice } from "@/components/integrations/problem-notice";
import { AccountCard } from "@/components/subscriptions/account-card";
import { SubscriptionRow } from "@/components/subscriptions/subscription-row";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { pageMember } from "@/lib/organizations/actor";
import { subscriptionChoices, subscriptionsOf } from "@/lib/integrations/subscriptions/wishes/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subscriptions"))("title") };
}

export default async function SubscriptionsPage({ params, searchParams }: Props) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/subscriptions`);
  const [t, all, { manages, sources, person }, saved, problem] = await Promise.all([
    getTranslations("subscriptions"),
    subscriptionsOf(member),
    subscriptionChoices(member),
    queryText(searchParams, "saved"),
    queryText(searchParams, "problem"),
  ]);
  const mine = all.filter(({ target, ownerId, mayChange }) => (target === "me" ? ownerId === member.id : !manages && !mayChange));
  const others = manages ? all.filter(({ id }) => !mine.some((own) => own.id === id)) : [];
  const connected = sources.some(({ id }) => id !== null);
  const offered = sources.length > 0;
  const add = (
    <LinkButton href={`/${org}/settings/subscriptions/new`} variant="primary" size="sm">
      {t("new")}
    </LinkButton>
  );
  return (
    <div className="flex flex-col gap-6">
      {saved && (
        <Notice tone="positive" role="status">
          {t("saved")}
        </Notice>
      )}
      <ProblemNotice problem={problem} />
      {(sources.some(({ plugin }) => plugin === "jira") || person) && <AccountCard organization={org} person={person} />}
      <Card id="mine" title={t("mine.title")} aside={offered && mine.length > 0 && add} flush>
        {mine.length > 0 ? (
          <ul className="divide-y divide-line">
            {mine.map((subscription) => (
              <SubscriptionRow key={subscription.id} subscription={subscription} member={member} />
            ))}
          </ul>
        ) : connected ? (
          <EmptyState icon={BellPlus} title={t("mine.emptyTitle")} action={add}>
            {t("mine.empty")}
          </EmptyState>
        ) : (
          <EmptyState
            icon={Plug}
            title={t("mine.nowhereTitle")}
            action={
              manages && (
                <LinkButton href={`/${org}/settings/integrations`} variant="primary" size="sm">
                  {t("mine.connect")}
                </LinkButton>
              )
            }
          >
            {t(manages ? "mine.nowhereAdmin" : "mine.nowhere")}
          </EmptyState>
        )}
      </Card>
      {manages && (
        <Card id="others" title={t("others.title")} aside={add} flush>
          <p className="px-4 py-3 text-sm text-ink-muted">{t(others.length > 0 ? "others.lead" : "others.empty")}</p>
          {others.length > 0 && (
            <ul className="divide-y divide-line border-t border-line">
              {others.map((subscription) => (
                <SubscriptionRow key={subscription.id} subscription={subscription} member={member} />
              ))}
            </ul>
          )}
        </Card>
      )}
    </div>
  );
}
