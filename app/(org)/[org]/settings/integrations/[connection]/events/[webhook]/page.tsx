import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BackLink } from "@/components/integrations/back-link";
import { EventDeliveries } from "@/components/integrations/event-deliveries";
import { EventFacts } from "@/components/integrations/event-facts";
import { EventPeople } from "@/components/integrations/event-people";
import { EventRaw } from "@/components/integrations/event-raw";
import { ReplayOneForm } from "@/components/integrations/replay-form";
import { Card } from "@/components/ui/card";
import { Refused } from "@/lib/platform/errors";
import { webhookOf } from "@/lib/integrations/ingest/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string; connection: string; webhook: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("integrations.log"))("title") };
}

export default async function EventPage({ params }: Props) {
  const { org, connection, webhook: id } = await params;
  const log = `/${org}/settings/integrations/${connection}/events`;
  const member = await pageMember(org, `${log}/${id}`);
  if (!settingsAccess(member).manages) notFound();
  const event = await eventOr404(member, id);
  if (event.connectionId !== connection) notFound();
  const t = await getTranslations("integrations");
  return (
    <div className="flex flex-col gap-6">
      <div>
        <BackLink href={log} label={t("event.back")} />
        <h2 className="text-lg font-semibold break-words">{event.title ?? event.event ?? t("log.unnamed")}</h2>
        {event.event && <code className="text-xs text-ink-muted">{event.event}</code>}
      </div>
      <Card id="event">
        <EventFacts log={log} event={event} viewer={member} />
        {(event.state === "read" || event.state === "unreadable") && (
          <div className="mt-4">
            <ReplayOneForm organization={org} connectionId={connection} webhookId={id} />
          </div>
        )}
      </Card>
      <EventPeople organization={org} event={event} viewer={member} />
      <EventDeliveries organization={org} event={event} viewer={member} />
      <EventRaw event={event} download={`${log}/${id}/body`} />
    </div>
  );
}

async function eventOr404(member: Member, id: string) {
  try {
    return await webhookOf(member, id);
  } catch (error) {
    if (error instanceof Refused) notFound();
    throw error;
  }
}
