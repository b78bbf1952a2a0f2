import { sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant, type Tenant } from "@/lib/platform/db/client";

/** When the next delivery of an endpoint falls due; null when none will by itself. */
export async function nextDue(tenant: Tenant, endpointId: string): Promise<Date | null> {
  const [row] = await inTenant(tenant, (tx) =>
    tx.execute<{ at: Date | string | null }>(sql`
      select min(greatest(next_attempt_at, claimed_until, (select rests_until from endpoints where id = ${endpointId}))) as at from outgoing_deliveries
      where endpoint_id = ${endpointId} and state in ('pending', 'sending')
        and exists (select 1 from endpoints where id = ${endpointId} and paused_at is null and deleted_at is null)`),
  );
  return row?.at ? new Date(row.at) : null;
}

/** Endpoints for which something is due, whatever was lost of what should have woken their sender. */
export function dueEndpoints(limit = 5_000): Promise<{ organizationId: string; endpointId: string }[]> {
  const now = clock.now().toISOString();
  return asSystem("sweep", async (tx) => {
    const rows = await tx.execute<{ organization_id: string; id: string }>(sql`
      select organization_id, id from endpoints
      where deleted_at is null and exists (
        select 1 from outgoing_deliveries
        where endpoint_id = endpoints.id and state in ('pending', 'sending') and next_attempt_at <= ${now}::timestamptz
          and (claimed_until is null or claimed_until < ${now}::timestamptz)
          and ((endpoints.paused_at is null and (endpoints.rests_until is null or endpoints.rests_until <= ${now}::timestamptz)) or entity = 'test:' || endpoints.id))
      limit ${limit}`);
    return rows.map((row) => ({ organizationId: row.organization_id, endpointId: row.id }));
  });
}
