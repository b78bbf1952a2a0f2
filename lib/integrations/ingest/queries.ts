import { and, asc, desc, eq, gte, ilike, inArray, isNull, lt, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { asSystem, inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { pluginConnections } from "../connections/tables";
import type { PluginFacts } from "../events";
import { endpoints, outgoingAttempts, outgoingDeliveries } from "../outgoing/tables";
import { mayManageIntegrations } from "../policy";
import { subscriptions, webhookTellings } from "../subscriptions/tables";
import type { SearchWebhooksInput } from "./inputs";
import { shownBody, type ShownBody } from "./shown-body/rules";
import { inboundWebhooks, webhookMatches } from "./tables";

/** Whether anything waits at a connection to be read, dispatched or told; nothing does while it is paused. One look at three small indexes. */
export async function isWaiting(tenant: Tenant, connectionId: string): Promise<boolean> {
  const [row] = await inTenant(tenant, (tx) =>
    tx.execute<{ waiting: boolean }>(sql`
      select exists (select 1 from inbound_webhooks where connection_id = ${connectionId} and state = 'received')
        or exists (select 1 from inbound_webhooks where connection_id = ${connectionId} and state = 'read' and dispatched_at is null)
        or exists (select 1 from inbound_webhooks where connection_id = ${connectionId} and state = 'read' and told_at is null) as waiting
      from plugin_connections where id = ${connectionId} and paused_at is null and disconnected_at is null`),
  );
  return row?.waiting ?? false;
}

/** Connections where something has waited since before `before`: whoever should have gone through it has died, or never heard. */
export function connectionsWaiting(before: Date, limit: number): Promise<{ organizationId: string; connectionId: string }[]> {
  const waits = (condition: string) =>
    sql`exists (select 1 from inbound_webhooks where connection_id = plugin_connections.id and ${sql.raw(condition)} and received_at < ${before.toISOString()}::timestamptz)`;
  return asSystem("webhooks", (tx) =>
    tx
      .select({ organizationId: pluginConnections.organizationId, connectionId: pluginConnections.id })
      .from(pluginConnections)
      .where(
        and(
          isNull(pluginConnections.pausedAt),
          isNull(pluginConnections.disconnectedAt),
          sql`(${waits("state = 'received'")} or ${waits("state = 'read' and dispatched_at is null")} or ${waits("state = 'read' and told_at is null")})`,
        ),
      )
      // Some wait for days, as for a site that does not answer; those before them in any order would keep the others out.
      .orderBy(sql`random()`)
      .limit(limit),
  );
}

const lineColumns = {
  id: inboundWebhooks.id,
  connectionId: inboundWebhooks.connectionId,
  proof: inboundWebhooks.proof,
  state: inboundWebhooks.state,
  reason: inboundWebhooks.reason,
  event: inboundWebhooks.event,
  entity: inboundWebhooks.entity,
  title: sql<string | null>`${inboundWebhooks.facts} ->> 'title'`,
  actorName: sql<string | null>`${inboundWebhooks.facts} -> 'actor' ->> 'name'`,
  receivedAt: inboundWebhooks.receivedAt,
  occurredAt: inboundWebhooks.occurredAt,
  position: inboundWebhooks.position,
  dispatchedAt: inboundWebhooks.dispatchedAt,
  toldAt: inboundWebhooks.toldAt,
  replays: inboundWebhooks.replays,
  bodyBytes: sql<number>`octet_length(${inboundWebhooks.body})`,
  matches: sql<number>`(select count(*)::int from webhook_matches where webhook_matches.webhook_id = ${inboundWebhooks.id})`,
};

/** One line of the log: that something came, and what became of it. */
export interface WebhookLine {
  id: string;
  connectionId: string;
  proof: (typeof inboundWebhooks.$inferSelect)["proof"];
  state: (typeof inboundWebhooks.$inferSelect)["state"];
  /** Why it is unreadable, or the id of the one it repeats. */
  reason: string | null;
  event: string | null;
  entity: string | null;
  title: string | null;
  actorName: string | null;
  receivedAt: Date;
  occurredAt: Date | null;
  position: number | null;
  dispatchedAt: Date | null;
  toldAt: Date | null;
  replays: number;
  bodyBytes: number;
  /** How many subscriptions it matched. */
  matches: number;
}

export interface WebhooksPage {
  webhooks: WebhookLine[];
  nextCursor: string | null;
}

const escaped = (words: string) => `%${words.replace(/[\\%_]/g, "\\$&")}%`;

/**
 * What came in at a connection, newest first.
 * @throws Refused FORBIDDEN, NOT_FOUND, INVALID for a cursor of another list.
 */
export async function logOf(member: Member, connectionId: string, filter: SearchWebhooksInput): Promise<WebhooksPage> {
  mustManage(member);
  const { event, state, text, entity, from, to, cursor, limit } = filter;
  if (cursor !== undefined && !isId("inboundWebhook", cursor)) throw refusedField("cursor", "invalid", "Use the nextCursor of an earlier answer.");
  return inTenant(member, async (tx) => {
    const [connection] = await tx.select({ id: pluginConnections.id }).from(pluginConnections).where(and(eq(pluginConnections.organizationId, member.organizationId), eq(pluginConnections.id, connectionId)));
    if (!connection) throw new Refused("NOT_FOUND");
    const rows = await tx
      .select(lineColumns)
      .from(inboundWebhooks)
      .where(
        and(
          eq(inboundWebhooks.connectionId, connectionId),
          cursor ? lt(inboundWebhooks.id, cursor) : undefined,
          event ? eq(inboundWebhooks.event, event) : undefined,
          state ? eq(inboundWebhooks.state, state) : undefined,
          text ? ilike(inboundWebhooks.label, escaped(text)) : undefined,
          entity ? eq(inboundWebhooks.entity, entity) : undefined,
          from ? gte(inboundWebhooks.receivedAt, new Date(from)) : undefined,
          to ? lt(inboundWebhooks.receivedAt, new Date(to)) : undefined,
        ),
      )
      .orderBy(desc(inboundWebhooks.id))
      .limit(limit + 1);
    const webhooks = rows.slice(0, limit);
    return { webhooks, nextCursor: rows.length > limit ? (webhooks.at(-1)?.id ?? null) : null };
  });
}

export interface WebhookAttempt {
  number: number;
  startedAt: Date;
  finishedAt: Date;
  succeeded: boolean;
  requestHeaders: Record<string, string>;
  statusCode: number | null;
  responseHeaders: Record<string, string> | null;
  responseBody: string | null;
  fault: string | null;
}

/** What went to an endpoint because of it. */
export interface WebhookDelivery {
  id: string;
  endpoint: { id: string; name: string; url: string };
  generation: number;
  sequence: number;
  state: (typeof outgoingDeliveries.$inferSelect)["state"];
  reason: string | null;
  nextAttemptAt: Date;
  settledAt: Date | null;
  createdAt: Date;
  attempts: WebhookAttempt[];
}

export interface WebhookDetail extends WebhookLine {
  connection: { id: string; plugin: string; name: string };
  headers: Record<string, string>;
  body: ShownBody;
  facts: PluginFacts | null;
  changeKey: string | null;
  matched: { id: string; name: string; target: string }[];
  deliveries: WebhookDelivery[];
  told: { memberId: string; name: string; at: Date }[];
}

/**
 * Everything about one webhook: what came, what it was read as, whom it matched, what was sent and who was told.
 * @throws Refused FORBIDDEN, NOT_FOUND.
 */
export async function webhookOf(member: Member, webhookId: string): Promise<WebhookDetail> {
  mustManage(member);
  return inTenant(member, async (tx) => {
    const [found] = await tx
      .select({
        ...lineColumns,
        connection: { id: pluginConnections.id, plugin: pluginConnections.plugin, name: pluginConnections.name },
        headers: inboundWebhooks.headers,
        body: inboundWebhooks.body,
        facts: inboundWebhooks.facts,
        changeKey: inboundWebhooks.changeKey,
      })
      .from(inboundWebhooks)
      .innerJoin(pluginConnections, eq(pluginConnections.id, inboundWebhooks.connectionId))
      .where(theWebhook(member, webhookId));
    if (!found) throw new Refused("NOT_FOUND");
    return {
      ...found,
      body: shownBody(found.body),
      matched: await matchedBy(tx, webhookId),
      deliveries: await deliveriesOf(tx, webhookId),
      told: await toldOf(tx, webhookId),
    };
  });
}

/** Its body as it came, byte for byte. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function webhookBody(member: Member, webhookId: string): Promise<Buffer> {
  mustManage(member);
  const [found] = await inTenant(member, (tx) => tx.select({ body: inboundWebhooks.body }).from(inboundWebhooks).where(theWebhook(member, webhookId)));
  if (!found) throw new Refused("NOT_FOUND");
  return found.body;
}

function mustManage(member: Member): void {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
}

const theWebhook = (tenant: Tenant, id: string) => and(eq(inboundWebhooks.organizationId, tenant.organizationId), eq(inboundWebhooks.id, id));

function matchedBy(tx: Tx, webhookId: string): Promise<WebhookDetail["matched"]> {
  return tx
    .select({ id: subscriptions.id, name: subscriptions.name, target: subscriptions.target })
    .from(webhookMatches)
    .innerJoin(subscriptions, eq(subscriptions.id, webhookMatches.subscriptionId))
    .where(eq(webhookMatches.webhookId, webhookId))
    .orderBy(asc(subscriptions.name), asc(subscriptions.id));
}

async function toldOf(tx: Tx, webhookId: string): Promise<WebhookDetail["told"]> {
  const rows = await tx
    .select({ memberId: webhookTellings.memberId, name: users.name, email: users.email, at: webhookTellings.createdAt })
    .from(webhookTellings)
    .innerJoin(members, eq(members.id, webhookTellings.memberId))
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(webhookTellings.webhookId, webhookId))
    .orderBy(asc(users.name), asc(webhookTellings.memberId));
  return rows.map(({ memberId, at, ...person }) => ({ memberId, name: displayName(person), at }));
}

async function deliveriesOf(tx: Tx, webhookId: string): Promise<WebhookDelivery[]> {
  const rows = await tx
    .select({
      id: outgoingDeliveries.id,
      endpoint: { id: endpoints.id, name: endpoints.name, url: endpoints.url },
      generation: outgoingDeliveries.generation,
      sequence: outgoingDeliveries.sequence,
      state: outgoingDeliveries.state,
      reason: outgoingDeliveries.reason,
      nextAttemptAt: outgoingDeliveries.nextAttemptAt,
      settledAt: outgoingDeliveries.settledAt,
      createdAt: outgoingDeliveries.createdAt,
    })
    .from(outgoingDeliveries)
    .innerJoin(endpoints, eq(endpoints.id, outgoingDeliveries.endpointId))
    .where(eq(outgoingDeliveries.eventId, webhookId))
    .orderBy(asc(endpoints.name), asc(outgoingDeliveries.generation), asc(outgoingDeliveries.id));
  const attempts = await attemptsOf(tx, rows.map(({ id }) => id));
  return rows.map((row) => ({ ...row, attempts: attempts.get(row.id) ?? [] }));
}

async function attemptsOf(tx: Tx, deliveryIds: string[]): Promise<Map<string, WebhookAttempt[]>> {
  const byDelivery = new Map<string, WebhookAttempt[]>();
  if (deliveryIds.length === 0) return byDelivery;
  const rows = await tx
    .select({
      deliveryId: outgoingAttempts.deliveryId,
      number: outgoingAttempts.number,
      startedAt: outgoingAttempts.startedAt,
      finishedAt: outgoingAttempts.finishedAt,
      succeeded: outgoingAttempts.succeeded,
      requestHeaders: outgoingAttempts.requestHeaders,
      statusCode: outgoingAttempts.statusCode,
      responseHeaders: outgoingAttempts.responseHeaders,
      responseBody: outgoingAttempts.responseBody,
      fault: outgoingAttempts.fault,
    })
    .from(outgoingAttempts)
    .where(inArray(outgoingAttempts.deliveryId, deliveryIds))
    .orderBy(asc(outgoingAttempts.number));
  for (const { deliveryId, ...attempt } of rows) byDelivery.set(deliveryId, [...(byDelivery.get(deliveryId) ?? []), attempt]);
  return byDelivery;
}
