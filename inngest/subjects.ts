import type { Tenant } from "@/lib/platform/db/client";
import { meetingResponded, meetingStarting } from "@/lib/meetings/events";
import { prepareMeetingMails } from "@/lib/meetings/mails/commands";
import { meetingReminderMails, meetingStandings } from "@/lib/meetings/mails/queries";
import { joinUrl, memberInvited } from "@/lib/organizations/events";
import { openInvitations } from "@/lib/organizations/invitations/queries";
import type { Resolution, Resolve, Subjects } from "@/lib/notifications/channels/channel";
import type { NotificationType } from "@/lib/notifications/catalog";
import type { ClaimedDelivery } from "@/lib/notifications/deliveries/commands";
import { coveredNotifications } from "@/lib/notifications/deliveries/queries";
import type { MeetingAnswer } from "@/lib/notifications/templates/content";

type Loader = (tenant: Tenant, deliveries: ClaimedDelivery[]) => Promise<[string, Resolution][]>;

/** Where each type of notification finds what it has to say when its mail is sent. Types without mail are absent. */
const loaders: Partial<Record<NotificationType, Loader>> = {
  "meeting.invited": meetingMails,
  "meeting.updated": meetingMails,
  "meeting.removed": meetingMails,
  "meeting.cancelled": meetingMails,
  "meeting.responded": answers,
  "meeting.reminder": reminders,
  "member.invited": memberInvitations,
};

const resolve: Resolve = async (tenant, type, deliveries) => new Map(await loaders[type]?.(tenant, deliveries));

export const subjects: Subjects = { resolve, applies: async () => new Map() };

/** Says what the meeting's state leaves to be said, whichever change asked for the mail. */
async function meetingMails(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const mails = await prepareMeetingMails(tenant, requestsOf(deliveries));
  return mails.map((mail) => [mail.deliveryId, resolutionOf(mail)]);
}

function resolutionOf(mail: Awaited<ReturnType<typeof prepareMeetingMails>>[number]): Resolution {
  switch (mail.kind) {
    case "skip":
      return { skip: mail.reason };
    case "invited":
      return { content: { template: "meeting-invited", data: mail } };
    case "cancelled":
      return { content: { template: "meeting-cancelled", data: mail } };
    case "removed":
      return { content: { template: "meeting-removed", data: mail } };
    case "updated":
      return mail.before ? { content: { template: "meeting-updated", data: { ...mail, before: mail.before } } } : { skip: "never-told" };
  }
}

async function reminders(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const facts = meetingStarting.schema.pick({ meeting: true });
  const sequences = new Map(deliveries.map(({ id, payload }) => [id, facts.parse(payload).meeting.sequence]));
  const mails = await meetingReminderMails(
    tenant,
    requestsOf(deliveries).map((request) => ({ ...request, sequence: sequences.get(request.deliveryId) ?? 0 })),
  );
  return mails.map((mail) => [
    mail.deliveryId,
    mail.kind === "skip" ? { skip: mail.reason } : { content: { template: "meeting-reminder", data: mail } },
  ]);
}

/** Lists every answer since the last such mail: those of the deliveries that this one overtook, and its own. */
async function answers(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const covered = await coveredNotifications(tenant, deliveries.map(({ id }) => id));
  const standings = await meetingStandings(tenant, deliveries.map(({ subjectId }) => subjectId));
  return deliveries.map(({ id, subjectId }) => {
    const standing = standings.get(subjectId);
    if (!standing) return [id, { skip: "removed" }];
    const given = lastAnswers((covered.get(id) ?? []).map(({ payload }) => payload));
    return [id, { content: { template: "meeting-answers", data: { ...standing, answers: given } } }];
  });
}

/** Somebody who changed their mind twice is listed once, with what they said last. */
function lastAnswers(payloads: Record<string, unknown>[]): MeetingAnswer[] {
  const facts = meetingResponded.schema.omit({ mergeSeconds: true });
  const byAttendee = new Map<string, MeetingAnswer>();
  for (const { attendee, partstat, comment, meeting } of payloads.map((payload) => facts.parse(payload))) {
    byAttendee.set(attendee.attendeeId, { name: attendee.name, email: attendee.email, partstat, comment, forStartsAt: new Date(meeting.startsAt) });
  }
  return [...byAttendee.values()];
}

async function memberInvitations(tenant: Tenant, deliveries: ClaimedDelivery[]): Promise<[string, Resolution][]> {
  const facts = memberInvited.schema.pick({ actor: true, organization: true, invitation: true });
  const open = await openInvitations(tenant, deliveries.map(({ subjectId }) => subjectId));
  return deliveries.map(({ id, payload }) => {
    const { actor, organization, invitation } = facts.parse(payload);
    if (open.get(invitation.id) !== invitation.generation) return [id, { skip: open.has(invitation.id) ? "superseded" : "closed" }];
    const data = {
      inviterName: actor.name,
      organizationName: organization.name,
      joinUrl: joinUrl(invitation),
      expiresAt: new Date(invitation.expiresAt),
      email: invitation.email,
    };
    return [id, { content: { template: "member-invited", data, locale: invitation.locale } }];
  });
}

const requestsOf = (deliveries: ClaimedDelivery[]) =>
  deliveries.flatMap(({ id, participantId }) => (participantId ? [{ attendeeId: participantId, deliveryId: id }] : []));
