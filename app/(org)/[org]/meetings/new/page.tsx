import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { BookingForm } from "@/components/meetings/booking-form";
import { isDate } from "@/components/meetings/calendar-address";
import { PageHeader } from "@/components/ui/page-header";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { env } from "@/lib/platform/env";
import { newId } from "@/lib/platform/ids";
import { isIssueKey } from "@/lib/integrations/issues/keys/inputs";
import { cardsOf } from "@/lib/integrations/issues/queries";
import { scheduleMeetingAction } from "@/lib/meetings/actions";
import { reminderChoices } from "@/lib/meetings/inputs";
import { nextFreeHalfHour } from "@/lib/meetings/planning/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { organizationMembers } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: Promise<{ date?: string | string[]; start?: string | string[]; issue?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("meetings"))("bookTitle") };
}

export default async function NewMeetingPage({ params, searchParams }: Props) {
  const [{ org }, query] = await Promise.all([params, searchParams]);
  const member = await pageMember(org);
  const [t, free, members] = await Promise.all([getTranslations("meetings"), nextFreeHalfHour(member), organizationMembers(member)]);
  const date = isDate(query.date) ? query.date : free.date;
  const about = typeof query.issue === "string" && isIssueKey(query.issue) ? await aboutIssue(member, query.issue) : null;
  const start = typeof query.start === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(query.start) ? query.start : undefined;
  return (
    <>
      <PageHeader title={t("bookTitle")} back={{ href: `/${org}/meetings`, label: t("calendar") }} />
      <ClientMessages namespaces={["meetings"]}>
        <BookingForm
          action={scheduleMeetingAction.bind(null, org)}
          organization={org}
          viewer={viewerOf(member)}
          me={{ id: member.id, name: member.name, email: member.email, timeZone: member.timeZone }}
          colleagues={members.filter(({ id }) => id !== member.id).map(({ id, name, email, timeZone }) => ({ id, name, email, timeZone }))}
          reminderChoices={reminderChoices}
          backHref={`/${org}/meetings`}
          idempotencyKey={newId("request")}
          issueKey={about?.key}
          initial={{
            title: about?.title ?? "",
            date,
            start: start ?? (date === free.date ? free.start : "09:00"),
            duration: "30m",
            timeZone: member.timeZone,
            location: "",
            joinUrl: "",
            description: about?.description ?? "",
            attendees: [],
            reminderMinutes: 30,
            guard: false,
          }}
        />
      </ClientMessages>
    </>
  );
}

/** A meeting about an issue begins with its words, as far as this member may see them. */
async function aboutIssue(member: Member, key: string) {
  const card = (await cardsOf(member, [key])).get(key);
  const t = await getTranslations("issues.meetings");
  const url = card && `${env().APP_URL}/${member.organizationSlug}/issues/${card.connectionId}/${key}`;
  return { key, title: card ? `${key} ${card.summary}`.slice(0, 200) : key, description: url ? t("description", { key, url }) : key };
}

const viewerOf = ({ locale, timeZone, hourCycle, weekStart }: Awaited<ReturnType<typeof pageMember>>) => ({ locale, timeZone, hourCycle, weekStart });
