import { eq, inArray } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { toldOf } from "../mappings";
import { attendees, type ToldState } from "../tables";
import { loadMailMeetings, personalMail, type MailRequest, type PersonalMail } from "./queries";
import { mailOwed, type MailKind, type SkipReason } from "./rules";
import type { Change } from "../rules";

export type MeetingMail = MailRequest &
  ({ kind: "skip"; reason: SkipReason } | ({ kind: MailKind; before: ToldState | null; changes: Change[] } & PersonalMail));

/**
 * Decides what each of these attendees is still to be told and notes that they are being told it, under the delivery that does it.
 * Preparing the same delivery again, after a crash, looks past its own note and comes out the same. The note is taken before the
 * mail leaves, because a mail whose answer got lost may have arrived.
 */
export function prepareMeetingMails(tenant: Tenant, requests: MailRequest[]): Promise<MeetingMail[]> {
  return inTenant(tenant, async (tx) => {
    const ids = requests.map((request) => request.attendeeId);
    // Ordered, so that two chunks that share people cannot wait for each other in a ring.
    const rows = await tx
      .select()
      .from(attendees)
      .where(inArray(attendees.id, ids))
      .orderBy(attendees.id)
      .for("update");
    const byAttendee = new Map(rows.map((row) => [row.id, row]));
    // Read once, under the locks: what is noted as told and what the mail says must be the same state of the meeting.
    const context = await loadMailMeetings(tx, tenant, [...new Set(rows.map((row) => row.meetingId))]);
    const prepared: MeetingMail[] = [];
    for (const request of requests) {
      const attendee = byAttendee.get(request.attendeeId);
      const surroundings = attendee && context.get(attendee.meetingId);
      if (!attendee || !surroundings) {
        prepared.push({ ...request, kind: "skip", reason: "removed" });
        continue;
      }
      const { meeting } = surroundings;
      if (meeting.endsAt <= clock.now()) {
        prepared.push({ ...request, kind: "skip", reason: "over" });
        continue;
      }
      const noted = attendee.mailed;
      const before = noted?.deliveryId === request.deliveryId ? noted.before : (noted?.told ?? null);
      const told = toldOf(meeting, attendee);
      const owed = mailOwed(before, told);
      if (owed.kind === "skip") {
        prepared.push({ ...request, ...owed });
        continue;
      }
      await tx.update(attendees).set({ mailed: { deliveryId: request.deliveryId, told, before } }).where(eq(attendees.id, attendee.id));
      prepared.push({ ...request, ...owed, before, ...personalMail(surroundings, attendee, owed.kind) });
    }
    return prepared;
  });
}
