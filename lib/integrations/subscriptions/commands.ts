import { and, asc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { append } from "@/lib/platform/outbox/outbox";
import { jiraCommentCreated, jiraIssueCreated, jiraIssueDeleted, jiraIssueUpdated, pluginEventHappened, type PluginFacts } from "../events";
import { inboundWebhooks } from "../ingest/tables";
import { enqueue, type OutgoingItem } from "../outgoing/commands";
import { programData, wishesFor } from "./queries";
import { matches } from "./rules";
import { webhookTellings } from "./tables";
import { actorMemberId, readersOf, untold, type Announced, type Untold } from "./telling/queries";
import { announcements, forReading } from "./telling/rules";

/**
 * Gives what was read to whoever subscribed: what it matched is noted and goes to the endpoints, in the connection's order and in the
 * transaction that marks it dispatched. Two runs take turns, so nothing overtakes and nothing is sent twice.
 * @returns how many events that were; fewer than `limit` when none is left.
 */
export async function dispatchWaiting(tenant: Tenant, connectionId: string, limit = 100): Promise<number> {
  return inTenant(tenant, async (tx) => {
    await takeTurns(tx, "dispatch", connectionId);
    const waiting = await tx
      .select({ id: inboundWebhooks.id, facts: inboundWebhooks.facts, replays: inboundWebhooks.replays })
      .from(inboundWebhooks)
      .where(and(eq(inboundWebhooks.connectionId, connectionId), eq(inboundWebhooks.state, "read"), isNull(inboundWebhooks.dispatchedAt)))
      .orderBy(asc(inboundWebhooks.position))
      .limit(limit);
    if (waiting.length === 0) return 0;
    const wishes = await wishesFor(tx, tenant, connectionId);
    const place = await programData(tx, tenant, connectionId);
    const matched: { webhookId: string; subscriptionId: string }[] = [];
    const outgoing: OutgoingItem[] = [];
    for (const { id: webhookId, facts, replays } of waiting) {
      if (!facts) continue;
      const wanting = wishes.filter(({ filter, events, ownerAccountId }) => matches(filter, events, facts, ownerAccountId));
      matched.push(...wanting.map(({ id }) => ({ webhookId, subscriptionId: id })));
      outgoing.push(...outgoingOf({ webhookId, facts }, wanting, place, replays > 0));
    }
    await noteMatches(tx, tenant, matched);
    await enqueue(tx, tenant, outgoing);
    await mark(tx, waiting.map(({ id }) => id), { dispatchedAt: clock.now() });
    return waiting.length;
  });
}

/** One delivery for an endpoint and an event, however many subscriptions want it. */
export function outgoingOf(
  { webhookId, facts }: { webhookId: string; facts: PluginFacts },
  wanting: { id: string; endpointId: string | null }[],
  place: Record<string, unknown>,
  again: boolean,
): OutgoingItem[] {
  const byEndpoint = new Map<string, string[]>();
  for (const { id, endpointId } of wanting) if (endpointId) byEndpoint.set(endpointId, [...(byEndpoint.get(endpointId) ?? []), id]);
  return [...byEndpoint].map(([endpointId, subscriptionIds]) => ({
    endpointId,
    eventId: webhookId,
    event: facts.event,
    entity: facts.entity,
    subscriptionIds,
    data: { connection: place, ...facts },
    occurredAt: facts.occurredAt,
    ...(again && { again }),
  }));
}

/** Rows of one statement. */
const rowsMax = 5_000;

export async function noteMatches(tx: Tx, tenant: Tenant, found: { webhookId: string; subscriptionId: string }[]): Promise<void> {
  for (let from = 0; from < found.length; from += rowsMax) {
    const part = found.slice(from, from + rowsMax);
    await tx.execute(sql`
      insert into webhook_matches (organization_id, webhook_id, subscription_id, created_at)
      select ${tenant.organizationId}, webhook_id, subscription_id, ${clock.now().toISOString()}::timestamptz
      from unnest(${textArray(part.map(({ webhookId }) => webhookId))}, ${textArray(part.map(({ subscriptionId }) => subscriptionId))}) as found (webhook_id, subscription_id)
      on conflict do nothing`);
  }
}

/** Events decided before they are written together: what was asked of Jira for them is lost at most once by a crash. */
const decidedAtOnce = 20;

/**
 * Tells people what was dispatched, in the connection's order: who is meant, did not do it themselves and may see it, each once. Somebody
 * whose own grant cannot be renewed for now is waited for by nobody: what they could not be asked about stays untold for them alone.
 * @returns how many events that were, told to everybody; fewer than `limit` when none is left that could be.
 * @throws JiraError when Jira does not answer for now: this event and those after it wait for
 * the next try, those before it are told.
 */
export async function tellWaiting(tenant: Tenant, connectionId: string, limit = 100): Promise<number> {
  const held = new Set<string>();
  let told = 0;
  for (let behind = 0; told < limit; ) {
    const wanted = limit - told;
    const waiting = await untold(tenant, connectionId, wanted, behind);
    for (let from = 0; from < waiting.length; from += decidedAtOnce) told += await tellPart(tenant, connectionId, waiting.slice(from, from + decidedAtOnce), held);
    behind = waiting.at(-1)?.position ?? behind;
    if (waiting.length < wanted) break;
  }
  return told;
}

async function tellPart(tenant: Tenant, connectionId: string, part: Untold[], held: Set<string>): Promise<number> {
  const decided: Announced[] = [];
  try {
    for (const event of part) decided.push({ ...event, ...(await readersOf(tenant, event, held)) });
  } finally {
    await writeTold(tenant, connectionId, decided);
  }
  return decided.filter(({ complete }) => complete).length;
}

async function writeTold(tenant: Tenant, connectionId: string, decided: Announced[]): Promise<void> {
  if (decided.length === 0) return;
  await inTenant(tenant, async (tx) => {
    await takeTurns(tx, "tell", connectionId);
    const ids = decided.map(({ webhookId }) => webhookId);
    const rows = await tx
      .select({ id: inboundWebhooks.id })
      .from(inboundWebhooks)
      .where(and(inArray(inboundWebhooks.id, ids), isNotNull(inboundWebhooks.dispatchedAt), isNull(inboundWebhooks.toldAt)));
    const open = new Set(rows.map(({ id }) => id));
    const now = clock.now();
    const pairs = decided.filter(({ webhookId }) => open.has(webhookId)).flatMap(({ webhookId, readers }) => readers.map(({ memberId }) => ({ webhookId, memberId })));
    const fresh = await noteTellings(tx, tenant, pairs);
    for (const event of decided) {
      const { webhookId, facts, place, wishes, readers } = event;
      const heard = readers.filter(({ memberId }) => fresh.has(`${webhookId} ${memberId}`));
      for (const announcement of announcements(heard, wishes)) {
        await append(tx, tenant, toldAs(facts.event), {
          actor: { memberId: actorMemberId(event), name: facts.actor?.name ?? place.name },
          connection: { id: place.id, plugin: place.plugin, name: place.name },
          webhookId,
          facts: forReading(facts),
          ...announcement,
        });
      }
    }
    await mark(tx, decided.flatMap(({ webhookId, complete }) => (complete && open.has(webhookId) ? [webhookId] : [])), { toldAt: now });
  });
}

/** @returns `<webhook> <member>` of those who had not been told before. */
async function noteTellings(tx: Tx, tenant: Tenant, pairs: { webhookId: string; memberId: string }[]): Promise<Set<string>> {
  const fresh = new Set<string>();
  for (let from = 0; from < pairs.length; from += rowsMax) {
    const part = pairs.slice(from, from + rowsMax);
    const rows = await tx.execute<{ webhook_id: string; member_id: string }>(sql`
      insert into ${webhookTellings} (organization_id, webhook_id, member_id, created_at)
      select ${tenant.organizationId}, webhook_id, member_id, ${clock.now().toISOString()}::timestamptz
      from unnest(${textArray(part.map(({ webhookId }) => webhookId))}, ${textArray(part.map(({ memberId }) => memberId))}) as told (webhook_id, member_id)
      on conflict do nothing
      returning webhook_id, member_id`);
    for (const row of rows) fresh.add(`${row.webhook_id} ${row.member_id}`);
  }
  return fresh;
}

const contracts = [jiraIssueCreated, jiraIssueUpdated, jiraIssueDeleted, jiraCommentCreated];
const toldAs = (event: string) => contracts.find(({ name }) => name === event) ?? pluginEventHappened;

/** Whoever else does the same for this connection waits until this transaction ends. */
export async function takeTurns(tx: Tx, what: "dispatch" | "tell", connectionId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${what}:${connectionId}`}, 0))`);
}

async function mark(tx: Tx, webhookIds: string[], as: { dispatchedAt: Date } | { toldAt: Date }): Promise<void> {
  if (webhookIds.length > 0) await tx.update(inboundWebhooks).set(as).where(inArray(inboundWebhooks.id, webhookIds));
}
