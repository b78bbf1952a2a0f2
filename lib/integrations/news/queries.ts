import { sql } from "drizzle-orm";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";

/** Whether what people are told of links and endpoints still holds, asked just before they are told. */

/** What is wrong with each of these connections now; disconnected ones are missing. */
export async function brokenNow(tenant: Tenant, connectionIds: string[]): Promise<Map<string, { grant: boolean; hook: boolean }>> {
  if (connectionIds.length === 0) return new Map();
  const rows = await inTenant(tenant, (tx) =>
    tx.execute<{ id: string; grant_broken: boolean; hook_broken: boolean }>(sql`
      select c.id, coalesce(g.broken_at is not null, false) as grant_broken,
        -- One that lapsed for good leaves no registration behind.
        c.hook_kind = 'dynamic' and (count(h.external_id) = 0 or bool_or(h.alerted_at is not null)) as hook_broken
      from plugin_connections c
      left join oauth_credentials g on g.id = c.credential_id
      left join hook_registrations h on h.connection_id = c.id
      where c.organization_id = ${tenant.organizationId} and c.id = any(${textArray([...new Set(connectionIds)])}) and c.disconnected_at is null
      group by c.id, g.id`),
  );
  return new Map(rows.map(({ id, grant_broken: grant, hook_broken: hook }) => [id, { grant, hook }]));
}

/** Which of these members have an account over there that works, by `<plugin>:<member>`. */
export async function linkedNow(tenant: Tenant, people: { plugin: string; memberId: string }[]): Promise<Set<string>> {
  if (people.length === 0) return new Set();
  const rows = await inTenant(tenant, (tx) =>
    tx.execute<{ plugin: string; member_id: string }>(sql`
      select p.plugin, p.member_id
      from unnest(${textArray(people.map(({ plugin }) => plugin))}, ${textArray(people.map(({ memberId }) => memberId))}) as asked (plugin, member_id)
      join plugin_people p on p.organization_id = ${tenant.organizationId} and p.plugin = asked.plugin and p.member_id = asked.member_id
      join oauth_credentials g on g.id = p.credential_id and g.broken_at is null`),
  );
  return new Set(rows.map(({ plugin, member_id: memberId }) => `${plugin}:${memberId}`));
}

/** Which of these endpoints are paused, and how much is kept for them. */
export async function pausedNow(tenant: Tenant, endpointIds: string[]): Promise<Map<string, { waiting: number }>> {
  if (endpointIds.length === 0) return new Map();
  const rows = await inTenant(tenant, (tx) =>
    tx.execute<{ id: string; waiting: number }>(sql`
      select e.id, (select count(*)::int from outgoing_deliveries d where d.endpoint_id = e.id and d.state in ('pending', 'sending')) as waiting
      from endpoints e
      where e.organization_id = ${tenant.organizationId} and e.id = any(${textArray([...new Set(endpointIds)])}) and e.paused_at is not null and e.deleted_at is null`),
  );
  return new Map(rows.map(({ id, waiting }) => [id, { waiting }]));
}
