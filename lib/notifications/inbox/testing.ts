import { sql } from "drizzle-orm";
import { asSystem, type Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import type { Category } from "../inputs";
import { standingByDefault } from "../preferences/rules";
import { decide } from "../rules";

export interface Happened {
  type?: string;
  category?: Category;
  subjectId?: string;
  actor?: { memberId: string | null; name: string };
  endsAt?: string;
  occurredAt?: Date;
  shown?: boolean;
}

const at = new Date("2031-03-03T00:00:00Z");

/** Tells one member something in `tx`, as a fan-out would, so that a test decides when it commits. Answers the row's id. */
export async function tellIn(tx: Tx, member: Member, happened: Happened = {}): Promise<string> {
  const { type = "meeting.invited", category = "invitations", subjectId = newId("meeting"), actor = { memberId: null, name: "Ann" }, shown = true } = happened;
  const [notificationId, receiverId] = [newId("notification"), newId("receiver")];
  const occurredAt = (happened.occurredAt ?? at).toISOString();
  const payload = { actor, meeting: { id: subjectId, title: "Plan", startsAt: "2031-03-03T01:00:00.000Z", endsAt: happened.endsAt ?? "2031-03-03T02:00:00.000Z" } };
  const decisions = decide({ category, channels: ["realtime", "email"], expiresAt: null }, standingByDefault(category), at);
  await tx.execute(sql`
    insert into notifications (id, organization_id, event_id, type, category, subject_id, thread, payload, occurred_at, created_at)
    values (${notificationId}, ${member.organizationId}, ${newId("event")}, ${type}, ${category}, ${subjectId}, ${subjectId}, ${JSON.stringify(payload)}::jsonb, ${occurredAt}, ${occurredAt})`);
  if (shown) await tx.execute(sql`update receivers set head = false where member_id = ${member.id} and thread = ${subjectId} and head`);
  await tx.execute(sql`
    insert into receivers (id, organization_id, notification_id, member_id, category, thread, head, shown, position, decisions, created_at)
    values (${receiverId}, ${member.organizationId}, ${notificationId}, ${member.id}, ${category}, ${subjectId}, ${shown}, ${shown}, ${receiverId}, ${JSON.stringify(decisions)}::jsonb, ${occurredAt})`);
  return receiverId;
}

export const tell = (member: Member, happened: Happened = {}): Promise<string> => asSystem("demo", (tx) => tellIn(tx, member, happened));
