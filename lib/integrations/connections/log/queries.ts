import { sql } from "drizzle-orm";
import { inTenant } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import type { Member } from "@/lib/organizations/actor";
import type { SearchWebhooksInput } from "../../ingest/inputs";
import { logOf, type WebhookLine } from "../../ingest/queries";
import { pluginOf } from "../../registry";

export interface LoggedEvent extends WebhookLine {
  /** How many people were told of it. */
  told: number;
  /** To how many endpoints it went, and at how many it has arrived. */
  deliveries: number;
  delivered: number;
}

export interface LogPage {
  events: LoggedEvent[];
  nextCursor: string | null;
}

/** A page of a connection's log with what became of each event. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function loggedEvents(member: Member, connectionId: string, search: SearchWebhooksInput): Promise<LogPage> {
  const { webhooks, nextCursor } = await logOf(member, connectionId, search);
  const counts = await countsOf(member, webhooks.map(({ id }) => id));
  return { events: webhooks.map((webhook) => ({ ...webhook, ...(counts.get(webhook.id) ?? { told: 0, deliveries: 0, delivered: 0 }) })), nextCursor };
}

type Counts = Pick<LoggedEvent, "told" | "deliveries" | "delivered">;

async function countsOf(member: Member, ids: string[]): Promise<Map<string, Counts>> {
  if (ids.length === 0) return new Map();
  const rows = await inTenant(member, (tx) =>
    tx.execute<{ id: string } & Counts>(sql`
      select wanted.id,
        (select count(*)::int from webhook_tellings where webhook_id = wanted.id) as told,
        (select count(*)::int from outgoing_deliveries where event_id = wanted.id) as deliveries,
        (select count(*)::int from outgoing_deliveries where event_id = wanted.id and state = 'delivered') as delivered
      from unnest(${textArray(ids)}) as wanted(id)`),
  );
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

/** The names under which a plugin's events stand in the log. */
export const eventNamesOf = (plugin: string): readonly string[] => pluginOf(plugin)?.events ?? [];
