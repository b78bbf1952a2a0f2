import { Check, CircleHelp, Clock, X } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Avatar } from "@/components/ui/avatar";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { MeetingPerson } from "@/lib/meetings/answers/queries";
import type { Partstat } from "@/lib/meetings/inputs";

const looks: Record<Partstat, { tone: BadgeTone; icon: typeof Check }> = {
  accepted: { tone: "positive", icon: Check },
  tentative: { tone: "caution", icon: CircleHelp },
  declined: { tone: "danger", icon: X },
  "needs-action": { tone: "neutral", icon: Clock },
};

/** Everybody and what they said. */
export async function AttendeeList({ attendees }: { attendees: MeetingPerson[] }) {
  const t = await getTranslations("meetings");
  return (
    <ul className="divide-y divide-line">
      {attendees.map((attendee) => {
        const { tone, icon: Icon } = looks[attendee.partstat];
        const about = [attendee.isOrganizer && t("organizer"), attendee.isGuest && t("guest"), !attendee.required && t("optionalPerson")].filter(Boolean);
        return (
          <li key={attendee.id} className="flex items-start gap-3 px-4 py-3">
            <Avatar name={attendee.name} id={attendee.email} />
            <div className="min-w-0 flex-1">
              <p className="text-sm font-medium break-words">
                {attendee.name}
                {attendee.isMe && <span className="font-normal text-ink-muted"> ({t("you")})</span>}
              </p>
              <p className="truncate text-xs text-ink-muted" title={attendee.email}>
                {attendee.email}
              </p>
              {about.length > 0 && <p className="text-xs text-ink-muted">{about.join(" · ")}</p>}
              {attendee.comment && <p className="mt-1.5 rounded-lg bg-sunken px-3 py-1.5 text-sm whitespace-pre-wrap">{attendee.comment}</p>}
              {attendee.outdated && <p className="mt-1 text-xs text-caution">{t("answeredEarlier")}</p>}
            </div>
            {!attendee.isOrganizer && (
              <Badge tone={tone}>
                <Icon aria-hidden className="size-3" />
                {t(`partstat.${attendee.partstat}`)}
              </Badge>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** 3 yes · 1 maybe · 2 have not answered */
export async function AnswerCounts({ attendees }: { attendees: Pick<MeetingPerson, "partstat" | "isOrganizer">[] }) {
  const t = await getTranslations("meetings");
  const guests = attendees.filter(({ isOrganizer }) => !isOrganizer);
  const order: Partstat[] = ["accepted", "tentative", "declined", "needs-action"];
  const parts = order
    .map((partstat) => ({ partstat, count: guests.filter((guest) => guest.partstat === partstat).length }))
    .filter(({ count }) => count > 0)
    .map(({ partstat, count }) => t(`count.${partstat}`, { count }));
  return <span className="text-xs text-ink-muted">{parts.join(" · ")}</span>;
}
