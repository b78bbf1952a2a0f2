import { ChevronLeft } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { TracedDeliveries, TracedPerson } from "@/components/deliveries/trace-view";
import { deliveryWords } from "@/components/deliveries/words";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { traceNotification, type Trace } from "@/lib/notifications/console/trace/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string; notification: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console"))("trace.title") };
}

export default async function TracePage({ params, searchParams }: Props) {
  const { org, notification } = await params;
  const here = `/${org}/settings/deliveries`;
  const member = await pageMember(org, `${here}/${notification}`);
  if (!settingsAccess(member).manages) notFound();
  const [words, names, trace] = await Promise.all([
    deliveryWords(),
    getTranslations("preferences.grid.categories"),
    traceNotification(member, notification, await queryText(searchParams, "after")),
  ]);
  if (!trace) notFound();
  const { t } = words;
  const place = { organization: org, viewer: member, words };
  const categoryKey = `${trace.notification.category}.name` as "changes.name";
  return (
    <ClientMessages namespaces={["console"]}>
      <div className="flex flex-col gap-6">
        <Link href={here} className="-mb-3 -ml-1.5 inline-flex min-h-8 items-center gap-0.5 self-start rounded-md pr-2 text-sm text-ink-muted hover:text-ink">
          <ChevronLeft aria-hidden className="size-4" />
          {t("trace.back")}
        </Link>
        <Card id="trace" title={words.type(trace.notification.type)}>
          <Facts trace={trace} member={member} category={names.has(categoryKey) ? names(categoryKey) : trace.notification.category} words={words} />
          <p className="mt-4 text-sm">
            <Link href={`${here}?${new URLSearchParams({ notification: trace.notification.id, within: "30d" })}#search`} className="text-accent-ink underline">
              {t("trace.all")}
            </Link>
          </p>
        </Card>
        <Card id="people" title={t("trace.people")} flush>
          {trace.receivers.length === 0 && <p className="px-4 py-3 text-sm text-ink-muted">{t("trace.toldCount", { count: 0 })}</p>}
          <ul className="divide-y divide-line">
            {trace.receivers.map((person) => (
              <TracedPerson key={person.memberId} person={person} {...place} />
            ))}
          </ul>
          {trace.nextCursor && (
            <div className="border-t border-line p-4">
              <LinkButton href={`${here}/${notification}?after=${trace.nextCursor}#people`}>{t("trace.next")}</LinkButton>
            </div>
          )}
        </Card>
        {trace.others.length > 0 && (
          <Card id="others" title={t("trace.others")}>
            <TracedDeliveries deliveries={trace.others} named {...place} />
          </Card>
        )}
      </div>
    </ClientMessages>
  );
}

function Facts({ trace: { notification, event, counts }, member, category, words: { t } }: { trace: Trace; member: Member; category: string; words: Awaited<ReturnType<typeof deliveryWords>> }) {
  const formats = formatsFor(member);
  const bundle = notification.type.startsWith("bundle.");
  return (
    <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2">
      <Fact label={t("trace.event")}>{event ? <code className="break-all">{event.name}</code> : t(bundle ? "trace.noEvent" : "trace.eventForgotten", { id: notification.id })}</Fact>
      <Fact label={t("trace.happened")}>{formats.exact(notification.occurredAt)}</Fact>
      {event && <Fact label={t("trace.relayed")}>{event.sentAt ? formats.exact(event.sentAt) : t("trace.notRelayed")}</Fact>}
      <Fact label={t("trace.fannedOut")}>{formats.exact(notification.createdAt)}</Fact>
      {notification.expiresAt && <Fact label={t("trace.expires")}>{formats.exact(notification.expiresAt)}</Fact>}
      <Fact label={t("trace.category")}>{category}</Fact>
      <Fact label={t("trace.told")}>{t("trace.toldCount", { count: counts.receivers })}</Fact>
      <Fact label={t("trace.sums")}>
        <ul>
          {counts.deliveries.map(({ channel, state, count }) => (
            <li key={`${channel} ${state}`}>
              {t(`channels.${channel}`)}: {t(`states.${state}`)} {count}
            </li>
          ))}
        </ul>
      </Fact>
    </dl>
  );
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-ink-muted">{label}</dt>
    <dd className="break-words">{children}</dd>
  </div>
);
