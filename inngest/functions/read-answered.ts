import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { meetingResponded } from "@/lib/meetings/events";
import { announceInboxes, readAnswered } from "@/lib/notifications/inbox/commands";
import { inngest } from "../client";
import { envelopeOf, refusingBadData } from "../envelope";

/** A member who answered, by a mail's link or anywhere else, has read what asked them: it leaves the badge of every tab and device. */
export const readWhatWasAnswered = inngest.createFunction(
  { id: "read-what-was-answered", name: "Mark read what was answered", triggers: [{ event: meetingResponded.name }], concurrency: 10, retries: 5 },
  async ({ event, runId }) => {
    const { organizationId, occurredAt, payload } = envelopeOf(event.data);
    return withLogContext({ organizationId, runId }, async () => {
      const { attendee, meeting } = await refusingBadData(() => Promise.resolve(meetingResponded.schema.parse(payload)));
      if (attendee.memberId === null) return { read: 0 };
      const tenant = systemTenant(organizationId);
      const read = await readAnswered(tenant, { memberId: attendee.memberId, subjectId: meeting.id, answeredAt: new Date(occurredAt) });
      if (read > 0) await announceInboxes(tenant, [{ memberId: attendee.memberId, receiverId: null, type: null, subjectId: meeting.id }]);
      return { read };
    });
  },
);
