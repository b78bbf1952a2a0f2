import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BookingForm } from "@/components/meetings/booking-form";
import { durationText } from "@/components/meetings/duration-text";
import { pickedGuest, pickedMember } from "@/components/meetings/people";
import { PageHeader } from "@/components/ui/page-header";
import { Refused } from "@/lib/platform/errors";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { wallClockIn } from "@/lib/platform/i18n/formats";
import { changeMeetingAction } from "@/lib/meetings/actions";
import { reminderChoices } from "@/lib/meetings/inputs";
import { meetingDetails } from "@/lib/meetings/queries";
import { pageMember } from "@/lib/organizations/actor";
import { organizationMembers } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string; id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("meetings"))("editTitle") };
}

export default async function EditMeetingPage({ params }: Props) {
  const { org, id } = await params;
  const member = await pageMember(org);
  const { meeting, attendees } = await meetingDetails(member, id).catch((error: unknown) => {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  // Only what the form would be refused for anyway: the command decides.
  if (meeting.organizerId !== member.id || meeting.status === "cancelled") redirect(`/${org}/meetings/${id}`);
  const [t, members] = await Promise.all([getTranslations("meetings"), organizationMembers(member)]);
  const colleagues = members.filter((other) => other.id !== member.id);
  const { date, time } = wallClockIn(meeting.timeZone, meeting.startsAt);
  const { locale, timeZone, hourCycle, weekStart } = member;
  return (
    <>
      <PageHeader title={t("editTitle")} back={{ href: `/${org}/meetings/${id}`, label: meeting.title }} />
      <ClientMessages namespaces={["meetings"]}>
        <BookingForm
          action={changeMeetingAction.bind(null, org, id)}
          organization={org}
          viewer={{ locale, timeZone, hourCycle, weekStart }}
          me={{ id: member.id, name: member.name, email: member.email, timeZone }}
          colleagues={colleagues.map((other) => ({ id: other.id, name: other.name, email: other.email, timeZone: other.timeZone }))}
          reminderChoices={reminderChoices}
          backHref={`/${org}/meetings/${id}`}
          meeting={{ id, version: meeting.version }}
          initial={{
            title: meeting.title,
            date,
            start: time,
            duration: durationText(Math.round((meeting.endsAt.getTime() - meeting.startsAt.getTime()) / 60_000)),
            timeZone: meeting.timeZone,
            location: meeting.location,
            joinUrl: meeting.joinUrl ?? "",
            description: meeting.description,
            attendees: attendees.map((attendee) => {
              const colleague = colleagues.find((other) => other.id === attendee.memberId);
              return colleague ? pickedMember(colleague, !attendee.required) : pickedGuest(attendee.email, attendee.name ?? attendee.email, !attendee.required);
            }),
            reminderMinutes: meeting.reminderMinutes,
            guard: meeting.guarded,
          }}
        />
      </ClientMessages>
    </>
  );
}
