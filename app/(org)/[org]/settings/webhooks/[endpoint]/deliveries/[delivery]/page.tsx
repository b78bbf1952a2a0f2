import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { RefreshWhile } from "@/components/announcements/refresh-while";
import { Attempts } from "@/components/endpoints/attempts";
import { Code } from "@/components/endpoints/code";
import { NextTry, stateTones } from "@/components/endpoints/delivery-log";
import { BackLink } from "@/components/integrations/back-link";
import { Moment } from "@/components/settings/moment";
import { SmallForm } from "@/components/settings/small-form";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Refused } from "@/lib/platform/errors";
import { resendDeliveryAction } from "@/lib/integrations/outgoing/actions";
import { attemptsMax } from "@/lib/integrations/outgoing/inputs";
import { outgoingDelivery, type DeliveryDetails } from "@/lib/integrations/outgoing/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string; endpoint: string; delivery: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("endpoints"))("log.title") };
}

export default async function WebhookDeliveryPage({ params }: Props) {
  const { org, endpoint, delivery: id } = await params;
  const home = `/${org}/settings/webhooks/${endpoint}`;
  const member = await pageMember(org, `${home}/deliveries/${id}`);
  if (!settingsAccess(member).manages) notFound();
  const delivery = await found(member, id);
  if (delivery.endpointId !== endpoint) notFound();
  const t = await getTranslations("endpoints");
  const most = delivery.test ? 1 : attemptsMax;
  const reason = delivery.reason && t.has(`reasons.${delivery.reason as "test"}`) ? t(`reasons.${delivery.reason as "test"}`) : delivery.reason;
  const facts: [string, React.ReactNode][] = [
    [t("delivery.webhookId"), <code key="id">{delivery.eventId}</code>],
    [t("delivery.entity"), delivery.entity],
    [t("delivery.sequence"), delivery.sequence],
    [t("delivery.created"), <Moment key="created" at={delivery.createdAt} viewer={member} />],
    ...(delivery.settledAt ? [[t("delivery.settled"), <Moment key="settled" at={delivery.settledAt} viewer={member} />] as [string, React.ReactNode]] : []),
  ];
  return (
    <div className="flex flex-col gap-6">
      {!delivery.settledAt && (delivery.test || !delivery.endpointPaused) && <RefreshWhile />}
      <div>
        <BackLink href={`${home}#log`} label={delivery.endpointName} />
        <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold">
          <span className="min-w-0 break-all">{delivery.event}</span>
          <Badge tone={stateTones[delivery.state]}>{t(`states.${delivery.state}`)}</Badge>
          {delivery.generation > 1 && <Badge>{t("log.again", { number: delivery.generation })}</Badge>}
        </h2>
        {reason && <p className="mt-1 text-sm text-ink-muted">{reason}</p>}
        <div className="text-sm">
          <NextTry delivery={delivery} viewer={member} attemptsMax={most} />
        </div>
        {delivery.settledAt && (
          <div className="mt-3">
            <SmallForm action={resendDeliveryAction.bind(null, org, endpoint)} values={{ deliveryId: id }} aria-label={t("delivery.againNamed", { event: delivery.event })}>
              {t("delivery.again")}
            </SmallForm>
          </div>
        )}
      </div>
      <Card id="attempts" title={t("delivery.attempts")} flush>
        {delivery.attempts.length === 0 ? <p className="px-4 py-3 text-sm text-ink-muted">{t("delivery.noAttempts")}</p> : <Attempts attempts={delivery.attempts} viewer={member} />}
        {!delivery.test && <p className="border-t border-line px-4 py-3 text-xs text-ink-muted">{t("delivery.schedule")}</p>}
      </Card>
      <Card id="about" title={t("delivery.summary")}>
        <dl className="grid gap-x-4 gap-y-2 text-sm sm:grid-cols-[9rem_1fr]">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-muted">{name}</dt>
              <dd className="min-w-0 break-all">{value}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card id="body" title={t("delivery.body")}>
        <Code label={t("delivery.body")} text={JSON.stringify(JSON.parse(delivery.body), null, 2)} />
      </Card>
    </div>
  );
}

async function found(member: Member, id: string): Promise<DeliveryDetails> {
  try {
    return await outgoingDelivery(member, id);
  } catch (error) {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
