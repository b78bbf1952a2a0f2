import { Inbox } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { DeliveryLog } from "@/components/endpoints/delivery-log";
import { EndpointForm } from "@/components/endpoints/endpoint-form";
import { HealthBadge, HealthNotice } from "@/components/endpoints/health";
import { LogFilter } from "@/components/endpoints/log-filter";
import { ReplayForm } from "@/components/endpoints/replay-form";
import { RotateSecret, SecretLine, ShowSecret } from "@/components/endpoints/secret";
import { Verifying } from "@/components/endpoints/verifying";
import { BackLink } from "@/components/integrations/back-link";
import { RefreshWhile } from "@/components/announcements/refresh-while";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { SmallForm } from "@/components/settings/small-form";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { formatsFor, wallClockIn } from "@/lib/platform/i18n/formats";
import type { PageQuery } from "@/lib/platform/query-text";
import { deleteEndpointAction, pauseEndpointAction, sendTestAction } from "@/lib/integrations/outgoing/actions";
import { hoursDefault, hoursMax } from "@/lib/integrations/outgoing/endpoints/inputs";
import { endpointOf, endpointSecret, subscriptionsTo, type EndpointDetails } from "@/lib/integrations/outgoing/endpoints/queries";
import { attemptsMax, deliverySearch, deliveryStates } from "@/lib/integrations/outgoing/inputs";
import { deliveriesTo, eventsSentTo } from "@/lib/integrations/outgoing/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string; endpoint: string }>;
  searchParams: PageQuery;
}

const dayMs = 24 * 60 * 60 * 1000;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("endpoints"))("title") };
}

export default async function WebhookPage({ params, searchParams }: Props) {
  const { org, endpoint: id } = await params;
  const home = `/${org}/settings/webhooks`;
  const member = await pageMember(org, `${home}/${id}`);
  if (!settingsAccess(member).manages) notFound();
  const endpoint = await found(member, id);
  const t = await getTranslations("endpoints");
  const query = await searchParams;
  const search = deliverySearch.parse(query);
  const filter = { state: search.state || undefined, event: search.event || undefined, cursor: search.cursor || undefined, limit: 25 };
  const [{ deliveries, nextCursor }, events, subscriptions] = await Promise.all([deliveriesTo(member, id, filter), eventsSentTo(member, id), subscriptionsTo(member, id)]);
  const created = query.created === "1" ? (await endpointSecret(member, id)).secrets[0]?.secret : undefined;
  const formats = formatsFor(member);
  const now = clock.now();
  const wallClock = (at: Date) => {
    const { date, time } = wallClockIn(member.timeZone, at);
    return `${date}T${time}`;
  };
  const pageOf = (cursor: string) => `${home}/${id}?${new URLSearchParams({ state: search.state, event: search.event, cursor })}#log`;
  const filtered = Boolean(search.state || search.event || search.cursor);
  const underWay = deliveries.some(({ settledAt, endpointPaused, nextAttemptAt, test }) => !settledAt && (test || (!endpointPaused && nextAttemptAt.getTime() - now.getTime() < 60_000)));
  const named = { values: { endpointId: id } };
  return (
    <div className="flex flex-col gap-6">
      {underWay && <RefreshWhile />}
      <div>
        <BackLink href={home} label={t("back")} />
        <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
          <span className="min-w-0 break-words">{endpoint.name}</span>
          <HealthBadge endpoint={endpoint} />
        </h2>
        <p className="text-sm break-all text-ink-muted">{endpoint.url}</p>
        {endpoint.ownerName && <p className="text-sm text-ink-muted">{t("owner", { name: endpoint.ownerName })}</p>}
        <div className="mt-3 flex flex-wrap items-start gap-2">
          <SmallForm action={sendTestAction.bind(null, org)} {...named} aria-label={t("testNamed", { name: endpoint.name })}>
            {t("test")}
          </SmallForm>
          {endpoint.pausedAt ? (
            <SmallForm action={pauseEndpointAction.bind(null, org, false)} {...named} variant="primary" aria-label={t("resumeNamed", { name: endpoint.name })}>
              {t("resume")}
            </SmallForm>
          ) : (
            <SmallForm action={pauseEndpointAction.bind(null, org, true)} {...named} aria-label={t("pauseNamed", { name: endpoint.name })}>
              {t("pause")}
            </SmallForm>
          )}
          <ConfirmedForm
            action={deleteEndpointAction.bind(null, org)}
            {...named}
            question={t("deleteQuestion", { waiting: endpoint.waiting, subscriptions: subscriptions.length })}
            aria-label={t("deleteNamed", { name: endpoint.name })}
          >
            {t("delete")}
          </ConfirmedForm>
        </div>
      </div>
      {created && (
        <Notice tone="positive" role="status" title={t("created")}>
          <div className="mt-2">
            <SecretLine secret={created} />
          </div>
        </Notice>
      )}
      <HealthNotice endpoint={endpoint} viewer={member} />
      <Card id="secret" title={t("secret.title")}>
        <div className="flex flex-col gap-3">
          <p className="text-sm text-ink-muted">{t("secret.lead")}</p>
          {!created && <ShowSecret organization={org} endpointId={id} />}
          {endpoint.overlapEndsAt && <p className="text-sm">{t("secret.overlap", { when: formats.exact(endpoint.overlapEndsAt) })}</p>}
          <RotateSecret organization={org} endpointId={id} />
          <Verifying />
        </div>
      </Card>
      <Card
        id="subscriptions"
        title={t("subscriptions.title")}
        aside={
          <LinkButton href={`/${org}/settings/subscriptions`} size="sm">
            {t("subscriptions.manage")}
          </LinkButton>
        }
        flush
      >
        {subscriptions.length === 0 ? (
          <p className="px-4 py-3 text-sm text-ink-muted">{t("subscriptions.none")}</p>
        ) : (
          <ul className="divide-y divide-line">
            {subscriptions.map((subscription) => (
              <li key={subscription.id} className="px-4 py-3 text-sm">
                <Link href={`/${org}/settings/subscriptions/${subscription.id}`} className="font-medium break-words underline">
                  {subscription.name}
                </Link>{" "}
                {subscription.paused && <Badge>{t("subscriptions.paused")}</Badge>}
                <p className="break-words text-ink-muted">{subscription.events.length === 0 ? t("subscriptions.every") : subscription.events.join(", ")}</p>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card id="log" title={t("log.title")} flush>
        {(events.length > 0 || filtered) && (
          <div className="border-b border-line p-4">
            <LogFilter key={JSON.stringify(search)} action={`${home}/${id}`} search={search} events={events} states={deliveryStates.map((value) => ({ value, label: t(`states.${value}`) }))} />
          </div>
        )}
        {deliveries.length === 0 ? (
          <EmptyState icon={Inbox} title={t("log.emptyTitle")}>
            {t(filtered ? "log.emptyFiltered" : "log.empty")}
          </EmptyState>
        ) : (
          <DeliveryLog organization={org} deliveries={deliveries} viewer={member} attemptsMax={attemptsMax} />
        )}
        {(search.cursor || nextCursor) && (
          <div className="flex flex-wrap gap-3 border-t border-line p-4">
            {search.cursor && <LinkButton href={pageOf("")}>{t("log.newest")}</LinkButton>}
            {nextCursor && <LinkButton href={pageOf(nextCursor)}>{t("log.older")}</LinkButton>}
          </div>
        )}
      </Card>
      <Card id="replay" title={t("replay.title")}>
        <p className="mb-4 text-sm text-ink-muted">{t("replay.lead")}</p>
        <ReplayForm organization={org} endpointId={id} zone={member.timeZone} from={wallClock(new Date(now.getTime() - dayMs))} to={wallClock(now)} />
      </Card>
      <Card id="settings" title={t("settings")}>
        <EndpointForm key={endpoint.version} organization={org} endpoint={endpoint} hours={{ most: hoursMax, usual: hoursDefault }} />
      </Card>
    </div>
  );
}

async function found(member: Member, id: string): Promise<EndpointDetails> {
  try {
    return await endpointOf(member, id);
  } catch (error) {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
