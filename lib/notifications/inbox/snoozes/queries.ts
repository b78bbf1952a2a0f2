import { and, asc, eq, inArray, isNotNull, lte } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, type Tenant } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { notifications, receivers } from "../../tables";
import type { SnoozeChoice } from "../inputs";
import { offeredSnoozes } from "./rules";

/** What a menu offers this member now, with the instants, soonest first. */
export const snoozeOffers = (member: Member): { choice: SnoozeChoice; at: Date }[] => offeredSnoozes(clock.now(), member.timeZone);

/** A line whose time has come. */
export interface Sleeper {
  id: string;
  memberId: string;
  subjectId: string;
  type: string;
  snoozedFor: "subject-end" | null;
}

export interface DueSnoozes {
  organizationId: string;
  dueAt: string;
  receiverIds: string[];
}

const perGroup = 100;

/** What wakes before `before`, grouped by organization and instant, soonest first. */
export async function dueSnoozes(before: Date, limit: number): Promise<DueSnoozes[]> {
  const rows = await asSystem("sweep", (tx) =>
    tx
      .select({ id: receivers.id, organizationId: receivers.organizationId, until: receivers.snoozedUntil })
      .from(receivers)
      .where(and(isNotNull(receivers.snoozedUntil), lte(receivers.snoozedUntil, before)))
      .orderBy(asc(receivers.snoozedUntil), asc(receivers.id))
      .limit(limit),
  );
  const groups = new Map<string, DueSnoozes[]>();
  for (const { id, organizationId, until } of rows) {
    const dueAt = (until ?? before).toISOString();
    const same = groups.get(`${organizationId} ${dueAt}`) ?? [];
    const open = same.at(-1);
    if (open && open.receiverIds.length < perGroup) open.receiverIds.push(id);
    else groups.set(`${organizationId} ${dueAt}`, [...same, { organizationId, dueAt, receiverIds: [id] }]);
  }
  return [...groups.values()].flat();
}

/** Those of `ids` that are still asleep although their time has come. */
export async function sleepersDue(tenant: Tenant, ids: string[]): Promise<Sleeper[]> {
  return inTenant(tenant, (tx) =>
    tx
      .select({
        id: receivers.id,
        memberId: receivers.memberId,
        subjectId: notifications.subjectId,
        type: notifications.type,
        snoozedFor: receivers.snoozedFor,
      })
      .from(receivers)
      .innerJoin(notifications, eq(notifications.id, receivers.notificationId))
      .where(and(inArray(receivers.id, ids), lte(receivers.snoozedUntil, clock.now())))
      .orderBy(asc(receivers.id)),
  );
}
