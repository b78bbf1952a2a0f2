import { and, eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { Refused, refusedField } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { isId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { limitRate } from "@/lib/platform/rate-limit";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { pluginConnections } from "../../connections/tables";
import { webhookReceived } from "../../events";
import { enqueue } from "../../outgoing/commands";
import { pluginPeople } from "../../people/tables";
import { mayManageIntegrations } from "../../policy";
import { noteMatches, outgoingOf, takeTurns } from "../commands";
import { heardOf, matchingLog, type Logged, type Range } from "../dry-run/queries";
import type { ReplaySubscriptionInput } from "../inputs";
import { mayChangeSubscription } from "../policy";
import { ownAccountOf, programData, type Subscription } from "../queries";
import { subscriptions } from "../tables";

/** Events of one replay: as many as an endpoint can be given in one transaction. */
const replayedMax = 5_000;
const enqueuedAtOnce = 500;
const replaysPerHour = 60;

/**
 * Lets what a subscription means go its way again, in the order in which it happened: an endpoint gets all of it once more; of people,
 * who was not told of it yet and may see it is told. What it replays is what a dry run of the same wish and time counts.
 * @throws Refused FORBIDDEN, NOT_FOUND, INVALID (too much at once), CONFLICT (paused, or not of a connection). @returns how many.
 */
export async function replaySubscription(member: Member, id: string, range: ReplaySubscriptionInput, options: { idempotencyKey?: string } = {}): Promise<number> {
  await limitRate(`subscription-replays:${member.id}`, replaysPerHour, 3600);
  const known = await countFor(member, id, range);
  return inTenant(member, async (tx) => {
    const { subscription, connectionId, ownerAccountId } = await found(tx, member, id);
    await takeTurns(tx, "dispatch", connectionId);
    const chosen = await choose(tx, { ...subscription, connectionId, ownerAccountId }, range);
    const count = known ?? chosen.length;
    if (options.idempotencyKey) {
      const input = { id, from: range.from.toISOString(), to: range.to.toISOString() };
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "replay-subscription", input }, String(count));
      if (!claim.fresh) return Number(claim.resultId);
    }
    if (subscription.target === "endpoint") await sendAgain(tx, member, subscription, connectionId, chosen);
    else await tellAgain(tx, member, subscription, connectionId, chosen);
    await audit(tx, member, [{ action: "webhooks.replayed", subject: subscription.name, detail: { subscriptionId: id, count: chosen.length, from: range.from.toISOString(), to: range.to.toISOString() } }]);
    return count;
  });
}

/**
 * How many somebody who may not read the log is said to have replayed: of what they may see. The number of matches would tell of issues
 * that are kept from them, one word of a filter at a time. Null for managers: as many as match.
 */
async function countFor(member: Member, id: string, range: Range): Promise<number | null> {
  if (mayManageIntegrations(member)) return null;
  const { subscription, connectionId } = await inTenant(member, (tx) => found(tx, member, id));
  return heardOf(member, { ...subscription, connectionId }, range);
}

async function found(tx: Tx, member: Member, id: string): Promise<{ subscription: Subscription; connectionId: string; ownerAccountId: string | null }> {
  const [row] = isId("subscription", id)
    ? await tx
        .select({ subscription: subscriptions, ownerAccountId: pluginPeople.accountId })
        .from(subscriptions)
        .leftJoin(pluginConnections, eq(pluginConnections.id, subscriptions.connectionId))
        .leftJoin(pluginPeople, ownAccountOf())
        .where(and(eq(subscriptions.organizationId, member.organizationId), eq(subscriptions.id, id)))
    : [];
  if (!row) throw new Refused("NOT_FOUND");
  if (!mayChangeSubscription(member, row.subscription)) throw new Refused("FORBIDDEN");
  const { connectionId, pausedAt } = row.subscription;
  if (connectionId === null) throw new Refused("CONFLICT", { detail: "Events of Moim itself are replayed at their endpoint." });
  if (pausedAt) throw new Refused("CONFLICT", { detail: "A paused subscription cannot be replayed. Resume it first." });
  return { ...row, connectionId };
}

async function choose(tx: Tx, wish: Parameters<typeof matchingLog>[1], range: Range): Promise<Logged[]> {
  const chosen: Logged[] = [];
  for await (const { matched, since } of matchingLog(tx, wish, range)) {
    chosen.push(...matched);
    if (since || chosen.length > replayedMax) throw refusedField("from", "range-too-large", describeFault("range-too-large"));
  }
  return chosen.sort((a, b) => a.position - b.position);
}

async function sendAgain(tx: Tx, member: Member, subscription: Subscription, connectionId: string, chosen: Logged[]): Promise<void> {
  const place = await programData(tx, member, connectionId);
  await noteMatches(tx, member, chosen.map((logged) => ({ webhookId: logged.id, subscriptionId: subscription.id })));
  for (let from = 0; from < chosen.length; from += enqueuedAtOnce) {
    const part = chosen.slice(from, from + enqueuedAtOnce);
    await enqueue(tx, member, part.flatMap(({ id: webhookId, facts }) => outgoingOf({ webhookId, facts }, [subscription], place, true)));
  }
}

/** Whoever reads the connection tells them, because Jira may have to be asked; who was told already is not told again. */
async function tellAgain(tx: Tx, member: Member, subscription: Subscription, connectionId: string, chosen: Logged[]): Promise<void> {
  if (chosen.length === 0) return;
  await takeTurns(tx, "tell", connectionId);
  await noteMatches(tx, member, chosen.map((logged) => ({ webhookId: logged.id, subscriptionId: subscription.id })));
  await tx.execute(sql`update inbound_webhooks set told_at = null, dispatched_at = ${clock.now().toISOString()}::timestamptz where connection_id = ${connectionId} and dispatched_at is not null and id = any(${textArray(chosen.map((logged) => logged.id))})`);
  await append(tx, member, webhookReceived, { connectionId });
}
