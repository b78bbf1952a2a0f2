import { Inbox, SearchX } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/integrations/back-link";
import { EventList } from "@/components/integrations/event-list";
import { LiveConnections } from "@/components/integrations/live-connections";
import { LogSearch } from "@/components/integrations/log-search";
import { ReplayRangeForm } from "@/components/integrations/replay-form";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { clock } from "@/lib/platform/clock";
import { cityOf, wallClockIn } from "@/lib/platform/i18n/formats";
import type { PageQuery } from "@/lib/platform/query-text";
import { logSearchInput, logWindowNames, logWindows } from "@/lib/integrations/connections/log/inputs";
import { eventNamesOf, loggedEvents } from "@/lib/integrations/connections/log/queries";
import { connectionOf } from "@/lib/integrations/connections/queries";
import { inboundStateNames } from "@/lib/integrations/ingest/inputs";
import { pageMember } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string; connection: string }>;
  searchParams: PageQuery;
}

const hourMs = 60 * 60 * 1000;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("integrations.log"))("title") };
}

export default async function EventLogPage({ params, searchParams }: Props) {
  const { org, connection: id } = await params;
  const home = `/${org}/settings/integrations/${id}`;
  const here = `${home}/events`;
  const member = await pageMember(org, here);
  if (!settingsAccess(member).manages) notFound();
  const connection = await connectionOf(member, id);
  if (!connection) notFound();
  const search = logSearchInput.parse(await searchParams);
  const hours = logWindows[search.within];
  const from = hours === null ? undefined : new Date(clock.nowMs() - hours * hourMs).toISOString();
  const page = await loggedEvents(member, id, {
    event: search.event || undefined,
    state: search.state || undefined,
    text: search.text || undefined,
    cursor: search.cursor || undefined,
    from,
    limit: 25,
  });
  const t = await getTranslations("integrations.log");
  const asked = Object.fromEntries(Object.entries({ ...search, cursor: "" }).filter(([, value]) => value !== ""));
  const pageOf = (cursor: string) => `${here}?${new URLSearchParams(cursor ? { ...asked, cursor } : asked)}#results`;
  const searches = search.event !== "" || search.state !== "" || search.text !== "";
  const local = (at: number) => {
    const { date, time } = wallClockIn(member.timeZone, at);
    return `${date}T${time}`;
  };
  return (
    <div className="flex flex-col gap-6">
      <LiveConnections awaiting={connection.lastReceivedAt === null} />
      <div>
        <BackLink href={home} label={connection.name} />
        <h2 className="text-lg font-semibold">{t("title")}</h2>
        <p className="text-sm text-ink-muted">{t("lead")}</p>
      </div>
      <Card id="search" title={t("search")}>
        <LogSearch
          key={JSON.stringify(asked)}
          action={here}
          search={search}
          events={eventNamesOf(connection.plugin)}
          states={inboundStateNames.map((value) => ({ value, label: t(`states.${value}`) }))}
          windows={logWindowNames.map((value) => ({ value, label: t(`windows.${value}`) }))}
        />
      </Card>
      <Card id="results" title={t("results")} flush>
        {page.events.length > 0 ? (
          <EventList here={here} events={page.events} viewer={member} />
        ) : searches || search.cursor || connection.lastReceivedAt ? (
          <EmptyState icon={SearchX} title={t("emptyTitle")}>
            {t("empty")}
          </EmptyState>
        ) : (
          <EmptyState icon={Inbox} title={t("noneTitle")}>
            {t("none")}
          </EmptyState>
        )}
        {(search.cursor || page.nextCursor) && (
          <div className="flex flex-wrap gap-3 border-t border-line p-4">
            {search.cursor && <LinkButton href={pageOf("")}>{t("newest")}</LinkButton>}
            {page.nextCursor && <LinkButton href={pageOf(page.nextCursor)}>{t("older")}</LinkButton>}
          </div>
        )}
      </Card>
      <Card id="replay" title={t("replayTitle")}>
        <p className="mb-4 text-sm text-ink-muted">{t("replayLead")}</p>
        <ReplayRangeForm organization={org} connectionId={id} zone={cityOf(member.timeZone)} from={local(clock.nowMs() - hourMs)} to={local(clock.nowMs() + 60_000)} />
      </Card>
    </div>
  );
}
