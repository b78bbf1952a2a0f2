import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, systemTenant, writeInTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { pluginConnections } from "../connections/tables";
import { webhookReceived, type PluginFacts } from "../events";
import { rememberDeletions, rememberIssues } from "../issues/commands";
import type { AskedChange, ConnectionMetadata, InboundRequest, Plugin, Verdict } from "../plugin";
import { mayManageIntegrations } from "../policy";
import { pluginOf } from "../registry";
import { takeTurns } from "../subscriptions/commands";
import { noteArrival, noteRefusal } from "./arrivals/commands";
import { replayWebhooksInput, type ReplayWebhooksInput } from "./inputs";
import { advice, askedKeyOf, dedupeKeyOf, inOrder, judged, keptHeaders, labelOf, safely } from "./rules";
import { inboundWebhooks } from "./tables";
import { freshTrustOf, secretsNow, trustOf, type ConnectionTrust } from "./trust/queries";

export interface Received {
  id: string;
  /** It had come before; nothing was stored. */
  duplicate: boolean;
}

/**
 * Takes in one delivery: proven, stored with its dedupe key and with the event that wakes its reader, in one transaction of one round trip.
 * What it says is nobody's business here, so nothing in it can make it be refused.
 * @throws Refused NOT_FOUND for what is no connection of this plugin, after the work that one would take; WEBHOOK_UNPROVEN.
 */
export async function receive(pluginName: string, connectionId: string, request: InboundRequest): Promise<Received> {
  const plugin = pluginOf(pluginName);
  const trust = await trustOf(connectionId);
  if (!plugin || trust?.plugin !== plugin.name) {
    (plugin ?? pluginOf("generic"))?.verify(request, { kind: "manual", secrets: [], hookIds: [], nowMs: clock.nowMs() });
    throw new Refused("NOT_FOUND");
  }
  const verdict = await provenBy(plugin, trust, request);
  if ("refused" in verdict) {
    await noteRefusal(trust, verdict.refused);
    throw new Refused("WEBHOOK_UNPROVEN", { detail: advice[verdict.refused], extra: { reason: verdict.refused } });
  }
  const received = await store(trust, plugin, request, verdict.proof);
  await noteArrival(trust, verdict.proof !== "unsigned");
  return received;
}

/** What was learned of a connection may be seconds old, so nothing is turned away before it was looked at anew. */
async function provenBy(plugin: Plugin, trust: ConnectionTrust, request: InboundRequest) {
  const verdict = judged(verdictOf(plugin, trust, request), trust);
  if (!("refused" in verdict)) return verdict;
  const fresh = await freshTrustOf(trust.connectionId);
  return fresh ? judged(verdictOf(plugin, fresh, request), fresh) : verdict;
}

const verdictOf = (plugin: Plugin, trust: ConnectionTrust, request: InboundRequest): Verdict =>
  plugin.verify(request, { kind: trust.kind, secrets: secretsNow(trust), hookIds: trust.hookIds, nowMs: clock.nowMs() });

async function store({ organizationId, connectionId }: ConnectionTrust, plugin: Plugin, request: InboundRequest, proof: "hmac" | "jwt" | "signature" | "unsigned"): Promise<Received> {
  const tenant = systemTenant(organizationId);
  const [id, eventId, now, dedupeKey] = [newId("inboundWebhook"), newId("event"), clock.now().toISOString(), dedupeKeyOf(plugin, request)];
  const wakes = webhookReceived.schema.parse({ connectionId });
  const kept = await writeInTenant<{ id: string }>(
    tenant,
    (scope) => sql`
      with scope as materialized (select ${scope} as organization_id),
      kept as (
        insert into inbound_webhooks (id, organization_id, connection_id, dedupe_key, proof, headers, body, received_at, created_at)
        select ${id}, scope.organization_id, ${connectionId}, ${dedupeKey}, ${proof}, ${JSON.stringify(keptHeaders(request.headers))}::jsonb, ${request.body}::bytea,
          ${now}::timestamptz, ${now}::timestamptz
        from scope
        on conflict (connection_id, dedupe_key) do nothing
        returning id, organization_id
      ),
      told as (
        insert into outbox_events (id, organization_id, name, version, payload, occurred_at)
        select ${eventId}, kept.organization_id, ${webhookReceived.name}, ${webhookReceived.version}, ${JSON.stringify(wakes)}::jsonb, ${now}::timestamptz
        from kept
      )
      select id from kept`,
  );
  if (kept.length > 0) return { id, duplicate: false };
  return { id: await firstOf(tenant, connectionId, dedupeKey), duplicate: true };
}

async function firstOf(tenant: Tenant, connectionId: string, dedupeKey: string): Promise<string> {
  const [first] = await inTenant(tenant, (tx) =>
    tx
      .select({ id: inboundWebhooks.id })
      .from(inboundWebhooks)
      .where(and(eq(inboundWebhooks.connectionId, connectionId), eq(inboundWebhooks.dedupeKey, dedupeKey))),
  );
  // Not stored and not there: thrown away meanwhile by age, which a sender that tries again will not meet twice.
  if (!first) throw new Error(`a webhook of ${connectionId} was neither stored nor there`);
  return first.id;
}

/**
 * Lets what was learned by asking go the road of webhooks. What was told before is left out here as far as it is known, and by reading for
 * the rest. @returns how many were new.
 */
export async function feed(tenant: Tenant, connectionId: string, changes: Pick<AskedChange, "changeKey" | "body">[]): Promise<number> {
  if (changes.length === 0) return 0;
  return inTenant(tenant, async (tx) => {
    const now = clock.now();
    const known = await knownChanges(tx, connectionId, changes.map(({ changeKey }) => changeKey));
    const fresh = changes.filter(({ changeKey }) => !known.has(changeKey));
    if (fresh.length === 0) return 0;
    const kept = await tx
      .insert(inboundWebhooks)
      .values(
        fresh.map(({ changeKey, body }) => ({
          organizationId: tenant.organizationId,
          connectionId,
          dedupeKey: askedKeyOf(changeKey),
          proof: "asked" as const,
          headers: {},
          body: Buffer.from(JSON.stringify(body)),
          receivedAt: now,
          createdAt: now,
        })),
      )
      .onConflictDoNothing({ target: [inboundWebhooks.connectionId, inboundWebhooks.dedupeKey] })
      .returning({ id: inboundWebhooks.id });
    if (kept.length > 0) await append(tx, tenant, webhookReceived, { connectionId });
    return kept.length;
  });
}

/** The webhooks that told of these changes first, by the key of the change. */
async function knownChanges(tx: Tx, connectionId: string, changeKeys: string[]): Promise<Map<string, string>> {
  if (changeKeys.length === 0) return new Map();
  const rows = await tx
    .select({ id: inboundWebhooks.id, changeKey: inboundWebhooks.changeKey })
    .from(inboundWebhooks)
    .where(and(eq(inboundWebhooks.connectionId, connectionId), eq(inboundWebhooks.state, "read"), sql`${inboundWebhooks.changeKey} = any(${textArray(changeKeys)})`));
  return new Map(rows.flatMap(({ id, changeKey }): [string, string][] => (changeKey === null ? [] : [[changeKey, id]])));
}

/** Bodies that are held in memory at once; one alone may be as large as a body may be. */
const chunkBytes = 32 * 1024 * 1024;

/**
 * Reads what waits at a connection, at most `limit` of it: facts, the order in which it happened, and a position each, without a gap. The
 * lock of the connection's row lets one read at a time; deliveries do not wait for it. Nothing is read while it is paused.
 * @returns how many were read, whatever came of them; 0 when none waits.
 */
export async function readWaiting(tenant: Tenant, connectionId: string, limit = 100): Promise<number> {
  return inTenant(tenant, async (tx) => {
    const connection = await lockForReading(tx, tenant, connectionId);
    const plugin = connection && pluginOf(connection.plugin);
    if (!plugin) return 0;
    const waiting = await waitingOf(tx, connectionId, limit);
    if (waiting.length === 0) return 0;
    const readings = waiting.map(({ id, body, receivedAt }) => ({
      id,
      reading: safely(() => plugin.read(body, { connectionId, name: connection.name, metadata: connection.metadata, receivedAt })),
    }));
    const told = await settle(tx, connectionId, readings);
    await rememberWhat(tx, tenant, connectionId, told);
    await advance(tx, connectionId, told);
    return waiting.length;
  });
}

/** Not `for update`, which every delivery's foreign key would wait for. */
async function lockForReading(tx: Tx, tenant: Tenant, connectionId: string): Promise<{ plugin: string; name: string; metadata: ConnectionMetadata } | undefined> {
  const [connection] = await tx
    .select({ plugin: pluginConnections.plugin, name: pluginConnections.name, metadata: pluginConnections.metadata })
    .from(pluginConnections)
    .where(
      and(
        eq(pluginConnections.organizationId, tenant.organizationId),
        eq(pluginConnections.id, connectionId),
        isNull(pluginConnections.pausedAt),
        isNull(pluginConnections.disconnectedAt),
      ),
    )
    .for("no key update");
  return connection;
}

async function waitingOf(tx: Tx, connectionId: string, limit: number): Promise<{ id: string; body: Buffer; receivedAt: Date }[]> {
  const rows = await tx.execute<{ id: string; body: Buffer; received_at: string }>(sql`
    select id, body, received_at from (
      select id, body, received_at, sum(octet_length(body)) over (order by id) - octet_length(body) as before
      from (
        select id, body, received_at from inbound_webhooks
        where connection_id = ${connectionId} and state = 'received' order by id limit ${limit}
      ) as next
    ) as sized where before < ${chunkBytes} order by id`);
  return rows.map(({ id, body, received_at }) => ({ id, body, receivedAt: new Date(received_at) }));
}

type Readings = { id: string; reading: ReturnType<typeof safely> }[];
type Told = { id: string; facts: PluginFacts; changeKey: string | null; occurredAt: string };

/** Writes down what came of each. @returns what is news, in order. */
async function settle(tx: Tx, connectionId: string, readings: Readings): Promise<Told[]> {
  const facts = readings.flatMap(({ id, reading }): Told[] => ("facts" in reading ? [{ id, ...reading, occurredAt: reading.facts.occurredAt }] : []));
  const firsts = await knownChanges(tx, connectionId, facts.flatMap(({ changeKey }) => changeKey ?? []));
  const last = await lastPosition(tx, connectionId);
  const told: Told[] = [];
  const rows: Record<string, unknown>[] = readings.flatMap(({ id, reading }) => ("unreadable" in reading ? [{ id, state: "unreadable", reason: reading.unreadable }] : []));
  for (const one of inOrder(facts)) {
    const first = one.changeKey === null ? undefined : firsts.get(one.changeKey);
    if (first === undefined) {
      told.push(one);
      if (one.changeKey !== null) firsts.set(one.changeKey, one.id);
    }
    rows.push({
      id: one.id,
      state: first === undefined ? "read" : "duplicate",
      reason: first ?? null,
      event: one.facts.event,
      facts: one.facts,
      change_key: one.changeKey,
      entity: one.facts.entity,
      label: labelOf(one.facts),
      occurred_at: one.occurredAt,
      position: first === undefined ? last + told.length : null,
    });
  }
  await tx.execute(sql`
    update inbound_webhooks set state = done.state, reason = done.reason, event = done.event, facts = done.facts, change_key = done.change_key,
      entity = done.entity, label = done.label, occurred_at = done.occurred_at, position = done.position
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as done(
      id text, state text, reason text, event text, facts jsonb, change_key text, entity text, label text, occurred_at timestamptz, position bigint
    )
    where inbound_webhooks.id = done.id and inbound_webhooks.connection_id = ${connectionId}`);
  return told;
}

async function lastPosition(tx: Tx, connectionId: string): Promise<number> {
  const [row] = await tx
    .select({ last: sql<string | null>`max(${inboundWebhooks.position})` })
    .from(inboundWebhooks)
    .where(and(eq(inboundWebhooks.connectionId, connectionId), sql`${inboundWebhooks.position} is not null`));
  return Number(row?.last ?? 0);
}

async function rememberWhat(tx: Tx, tenant: Tenant, connectionId: string, told: Told[]): Promise<void> {
  const issuesOf = (wanted: (event: string) => boolean) => told.flatMap(({ facts }) => (facts.issue && wanted(facts.event) ? [facts.issue] : []));
  const now = clock.now();
  await rememberIssues(tx, tenant, connectionId, issuesOf((event) => event !== "jira.issue.deleted"), now);
  await rememberDeletions(tx, tenant, connectionId, issuesOf((event) => event === "jira.issue.deleted"), now);
}

/** A clock over there that is ahead must not make us believe that we have seen the future. */
async function advance(tx: Tx, connectionId: string, told: Told[]): Promise<void> {
  const now = clock.now().toISOString();
  const newest = told.flatMap(({ facts }) => facts.issue?.updatedAt ?? []).filter((at) => at <= now).sort().at(-1);
  if (newest === undefined) return;
  await tx
    .update(pluginConnections)
    .set({ seenUntil: sql`greatest(${pluginConnections.seenUntil}, ${newest}::timestamptz)` })
    .where(eq(pluginConnections.id, connectionId));
}

/**
 * Lets webhooks go through again: these, or all that came in a range of time. What was read is dispatched and told once more, by the
 * subscriptions of now; what could not be read is read again. Repetitions stay what they are.
 * @throws Refused FORBIDDEN, NOT_FOUND, INVALID. @returns how many.
 */
export async function replayWebhooks(member: Member, connectionId: string, input: ReplayWebhooksInput): Promise<number> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const wish = parseInput(replayWebhooksInput, input);
  return inTenant(member, async (tx) => {
    const [connection] = await tx
      .select({ name: pluginConnections.name })
      .from(pluginConnections)
      .where(and(eq(pluginConnections.organizationId, member.organizationId), eq(pluginConnections.id, connectionId), isNull(pluginConnections.disconnectedAt)))
      // One after the other with reading, so that none is read and sent again at once.
      .for("no key update");
    if (!connection) throw new Refused("NOT_FOUND");
    // And with those who are dispatching or telling just now: they would mark as done what is to go through again.
    await takeTurns(tx, "dispatch", connectionId);
    await takeTurns(tx, "tell", connectionId);
    const replayed = await tx
      .update(inboundWebhooks)
      .set({
        dispatchedAt: null,
        toldAt: null,
        replays: sql`${inboundWebhooks.replays} + 1`,
        state: sql`case when ${inboundWebhooks.state} = 'unreadable' then 'received' else ${inboundWebhooks.state} end`,
        reason: sql`case when ${inboundWebhooks.state} = 'unreadable' then null else ${inboundWebhooks.reason} end`,
      })
      .where(
        and(
          eq(inboundWebhooks.connectionId, connectionId),
          inArray(inboundWebhooks.state, ["read", "unreadable"]),
          "ids" in wish
            ? sql`${inboundWebhooks.id} = any(${textArray(wish.ids)})`
            : sql`${inboundWebhooks.receivedAt} >= ${wish.from}::timestamptz and ${inboundWebhooks.receivedAt} < ${wish.to}::timestamptz`,
        ),
      )
      .returning({ id: inboundWebhooks.id });
    if (replayed.length === 0) {
      if ("ids" in wish) throw new Refused("NOT_FOUND");
      return 0;
    }
    await append(tx, member, webhookReceived, { connectionId });
    const range = "ids" in wish ? { webhookIds: wish.ids.slice(0, 20) } : wish;
    await audit(tx, member, [{ action: "webhooks.replayed", subject: connection.name, detail: { connectionId, count: replayed.length, ...range } }]);
    return replayed.length;
  });
}
