import { SearchX } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { DeadLetters, ParkedEvents } from "@/components/deliveries/dead-letters";
import { DeliveryList } from "@/components/deliveries/delivery-list";
import { ProviderHealth } from "@/components/deliveries/provider-health";
import { SearchForm } from "@/components/deliveries/search-form";
import { deliveryWords } from "@/components/deliveries/words";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { clock } from "@/lib/platform/clock";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import type { PageQuery } from "@/lib/platform/query-text";
import { consoleSearchInput, deliveryStateNames, deliveryTypes, windowNames, windows, type ConsoleSearch } from "@/lib/notifications/console/inputs";
import { deadEvents, deadGroups, failureRates, providerStates } from "@/lib/notifications/console/health/queries";
import { searchDeliveries } from "@/lib/notifications/console/queries";
import { channelNames } from "@/lib/notifications/inputs";
import { pageMember } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

const hourMs = 60 * 60 * 1000;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("console"))("title") };
}

export default async function DeliveriesPage({ params, searchParams }: Props) {
  const { org } = await params;
  const here = `/${org}/settings/deliveries`;
  const member = await pageMember(org, here);
  if (!settingsAccess(member).manages) notFound();
  // Whatever stands in the address, the page shows the nearest search that there is.
  const search = consoleSearchInput.parse(await searchParams);
  const asked = Object.fromEntries(Object.entries({ ...search, within: "" }).filter(([, value]) => value !== "")) as Omit<Partial<ConsoleSearch>, "within">;
  const { type, channel, state, ...rest } = asked;
  const from = new Date(clock.nowMs() - windows[search.within] * hourMs).toISOString();
  const [words, rates, groups, events, page] = await Promise.all([
    deliveryWords(),
    failureRates(member),
    deadGroups(member),
    deadEvents(member),
    searchDeliveries(member, { ...rest, type: type || undefined, channel: channel || undefined, state: state || undefined, from, limit: 25 }),
  ]);
  const { t } = words;
  const options = <Name extends string>(names: readonly Name[], label: (name: Name) => string) => names.map((value) => ({ value, label: label(value) }));
  const pageOf = (cursor: string) => `${here}?${new URLSearchParams({ ...Object.fromEntries(Object.entries({ ...search, cursor }).filter(([, value]) => value !== "")) })}#search`;
  return (
    <ClientMessages namespaces={["console"]}>
      <div className="flex flex-col gap-6">
        <p className="text-sm text-ink-muted">{t("lead")}</p>
        <DeadLetters organization={org} groups={groups} viewer={member} words={words} />
        <ParkedEvents organization={org} events={events} viewer={member} words={words} />
        <ProviderHealth rates={rates} providers={providerStates(member)} words={words} locale={member.locale} />
        <Card id="search" title={t("search.title")}>
          <SearchForm
            key={JSON.stringify(search)}
            action={here}
            search={search}
            types={options(deliveryTypes, words.type)}
            channels={options(channelNames, (name) => t(`channels.${name}`))}
            states={options(deliveryStateNames, (name) => t(`states.${name}`))}
            windows={options(windowNames, (name) => t(`search.windows.${name}`))}
          />
        </Card>
        <Card id="results" title={t("search.results")} aside={search.notification ? <span className="text-sm text-ink-muted">{t("search.ofNotification")}</span> : undefined} flush>
          {page.deliveries.length === 0 ? (
            <EmptyState icon={SearchX} title={t("search.emptyTitle")}>
              {t("search.empty")}
            </EmptyState>
          ) : (
            <DeliveryList organization={org} deliveries={page.deliveries} viewer={member} words={words} />
          )}
          {(search.cursor || page.nextCursor) && (
            <div className="flex flex-wrap gap-3 border-t border-line p-4">
              {search.cursor && <LinkButton href={pageOf("")}>{t("search.newest")}</LinkButton>}
              {page.nextCursor && <LinkButton href={pageOf(page.nextCursor)}>{t("search.older")}</LinkButton>}
            </div>
          )}
        </Card>
      </div>
    </ClientMessages>
  );
}
