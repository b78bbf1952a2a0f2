import { sql } from "drizzle-orm";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import type { CatalogType } from "../../catalog";

/** Something that is about to be told in a digest. */
export interface AboutToTell {
  deliveryId: string;
  memberId: string;
  type: CatalogType;
  thread: string;
  occurredAt: Date;
}

/**
 * Which of these their reader has had by mail already: one of the same type and kind about the same thing, at least as new; of answers, the
 * same person's. A digest does not
 * repeat what came by itself, e.g. because a choice changed in between.
 */
export async function alreadyMailed(tenant: Tenant, items: AboutToTell[]): Promise<Set<string>> {
  if (items.length === 0) return new Set();
  const rows = await inTenant(tenant, (tx) =>
    tx.execute<{ delivery_id: string }>(sql`
      select asked.delivery_id
      from unnest(
        ${textArray(items.map(({ deliveryId }) => deliveryId))}, ${textArray(items.map(({ memberId }) => memberId))}, ${textArray(items.map(({ type }) => type))},
        ${textArray(items.map(({ thread }) => thread))}, ${textArray(items.map(({ occurredAt }) => occurredAt.toISOString()))}
      ) as asked (delivery_id, member_id, type, thread, occurred_at)
      join deliveries mine on mine.id = asked.delivery_id
      join notifications own on own.id = mine.notification_id
      where exists (
        select 1 from notifications told join deliveries sent on sent.notification_id = told.id
        where told.organization_id = ${tenant.organizationId} and told.thread = asked.thread and told.type = asked.type and told.category = own.category
          and told.occurred_at >= asked.occurred_at::timestamptz
          and told.payload #>> '{attendee,attendeeId}' is not distinct from own.payload #>> '{attendee,attendeeId}'
          and sent.member_id = asked.member_id and sent.channel = 'email' and sent.state = 'sent'
      )`),
  );
  return new Set(rows.map((row) => row.delivery_id));
}
