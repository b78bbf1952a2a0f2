import { and, count, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { isId, newId } from "@/lib/platform/ids";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit, type AuditAction } from "@/lib/organizations/audit";
import { members, workspaces } from "@/lib/organizations/tables";
import { connectionIn } from "../../connections/queries";
import { endpoints } from "../../outgoing/tables";
import { subscriptionLimits } from "../choices/inputs";
import type { ChangeSubscriptionInput, SubscriptionInput } from "../inputs";
import { mayChangeSubscription, maySubscribe } from "../policy";
import { eventsOf, type Subscription } from "../queries";
import { subscriptions } from "../tables";
import { subscriptionFaults, tidied, type Known } from "./rules";

/**
 * Keeps a wish; it holds for what is dispatched from now on. With `idempotencyKey`, a repeated request answers the first one's.
 * @throws Refused FORBIDDEN (for others, and not a manager), INVALID (unknown names, too many).
 */
export async function createSubscription(member: Member, input: SubscriptionInput, options: { idempotencyKey?: string } = {}): Promise<{ subscriptionId: string }> {
  if (!maySubscribe(member, input.target)) throw new Refused("FORBIDDEN");
  const wish = tidied(input);
  return inTenant(member, async (tx) => {
    const id = newId("subscription");
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "create-subscription", input }, id);
      if (!claim.fresh) return { subscriptionId: claim.resultId };
    }
    await refuseFaults(tx, member, wish);
    await refuseTooMany(tx, member, wish.target, member.id);
    const now = clock.now();
    await tx.insert(subscriptions).values({ id, organizationId: member.organizationId, ...wish, ownerId: member.id, createdAt: now, updatedAt: now });
    await note(tx, member, "subscription.created", { ...wish, ownerId: member.id });
    return { subscriptionId: id };
  });
}

/**
 * Changes what is sent, and pauses or resumes. What a paused one misses is not told later; a replay can.
 * @param ifVersion the version the caller read. @throws Refused FORBIDDEN, NOT_FOUND, INVALID, PRECONDITION_FAILED.
 */
export async function changeSubscription(member: Member, id: string, change: ChangeSubscriptionInput, options: { ifVersion?: number } = {}): Promise<void> {
  const { paused, ...changed } = change;
  await inTenant(member, async (tx) => {
    const before = await lock(tx, member, id, options.ifVersion);
    const { name, connectionId, events, filter, target, memberIds, workspaceId, endpointId } = before;
    const wish = tidied({ name, connectionId, events, filter, target, memberIds, workspaceId, endpointId, ...changed });
    if (!maySubscribe(member, wish.target)) throw new Refused("FORBIDDEN");
    // Pausing must always be possible, even when what it names is gone.
    if (Object.keys(changed).length > 0) await refuseFaults(tx, member, wish);
    if (wish.target !== target) await refuseTooMany(tx, member, wish.target, before.ownerId);
    const now = clock.now();
    const pausedAt = paused === undefined ? before.pausedAt : paused ? (before.pausedAt ?? now) : null;
    await tx
      .update(subscriptions)
      .set({ ...wish, pausedAt, version: sql`${subscriptions.version} + 1`, updatedAt: now })
      .where(eq(subscriptions.id, before.id));
    await note(tx, member, "subscription.changed", { ...wish, ownerId: before.ownerId }, paused === undefined ? {} : { paused });
  });
}

/** @param ifVersion the version the caller read. @throws Refused FORBIDDEN, NOT_FOUND, PRECONDITION_FAILED. */
export async function deleteSubscription(member: Member, id: string, options: { ifVersion?: number } = {}): Promise<void> {
  await inTenant(member, async (tx) => {
    const before = await lock(tx, member, id, options.ifVersion);
    await tx.delete(subscriptions).where(eq(subscriptions.id, before.id));
    await note(tx, member, "subscription.deleted", before);
  });
}

/**
 * Somebody left: what they asked for themselves ends, and they are among nobody's people any more. What they set up for others and for
 * programs goes on; a wish for people that is left with none is paused.
 */
export async function endSubscriptionsOf(tenant: Tenant, memberId: string): Promise<number> {
  return inTenant(tenant, async (tx) => {
    const now = clock.now();
    const own = await tx
      .delete(subscriptions)
      .where(and(eq(subscriptions.organizationId, tenant.organizationId), eq(subscriptions.ownerId, memberId), eq(subscriptions.target, "me")))
      .returning({ id: subscriptions.id });
    await tx
      .update(subscriptions)
      .set({
        memberIds: sql`array_remove(${subscriptions.memberIds}, ${memberId})`,
        pausedAt: sql`case when ${subscriptions.memberIds} = array[${memberId}] then coalesce(${subscriptions.pausedAt}, ${now.toISOString()}::timestamptz) else ${subscriptions.pausedAt} end`,
        version: sql`${subscriptions.version} + 1`,
        updatedAt: now,
      })
      .where(and(eq(subscriptions.organizationId, tenant.organizationId), eq(subscriptions.target, "people"), sql`${memberId} = any(${subscriptions.memberIds})`));
    return own.length;
  });
}

async function lock(tx: Tx, member: Member, id: string, ifVersion: number | undefined): Promise<Subscription> {
  const [found] = isId("subscription", id)
    ? await tx
        .select()
        .from(subscriptions)
        .where(and(eq(subscriptions.organizationId, member.organizationId), eq(subscriptions.id, id)))
        .for("update")
    : [];
  if (!found) throw new Refused("NOT_FOUND");
  if (!mayChangeSubscription(member, found)) throw new Refused("FORBIDDEN");
  if (ifVersion !== undefined && ifVersion !== found.version) throw new Refused("PRECONDITION_FAILED");
  return found;
}

async function refuseFaults(tx: Tx, member: Member, wish: SubscriptionInput): Promise<void> {
  const fields = subscriptionFaults(wish, await knownOf(tx, member, wish));
  if (fields.length > 0) throw new Refused("INVALID", { detail: "The subscription cannot be kept like this.", fields });
}

async function knownOf(tx: Tx, tenant: Tenant, { connectionId, memberIds, workspaceId, endpointId }: SubscriptionInput): Promise<Known> {
  const connection = connectionId === null ? null : await connectionIn(tx, tenant, connectionId);
  const own = eq(members.organizationId, tenant.organizationId);
  const people = memberIds.length === 0 ? [] : await tx.select({ id: members.id }).from(members).where(and(own, inArray(members.id, memberIds), isNull(members.removedAt)));
  const [workspace] = workspaceId
    ? await tx.select({ id: workspaces.id }).from(workspaces).where(and(eq(workspaces.organizationId, tenant.organizationId), eq(workspaces.id, workspaceId)))
    : [];
  const [endpoint] = endpointId
    ? await tx
        .select({ id: endpoints.id })
        .from(endpoints)
        .where(and(eq(endpoints.organizationId, tenant.organizationId), eq(endpoints.id, endpointId), isNull(endpoints.deletedAt)))
    : [];
  return {
    events: connectionId === null ? eventsOf(null) : connection && eventsOf(connection.plugin),
    memberIds: new Set(people.map(({ id }) => id)),
    workspaceId: workspace?.id ?? null,
    endpointId: endpoint?.id ?? null,
  };
}

/** Two that fill the last place at once wait for each other here. */
async function refuseTooMany(tx: Tx, member: Member, target: SubscriptionInput["target"], ownerId: string): Promise<void> {
  const own = target === "me";
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`subscriptions:${own ? ownerId : member.organizationId}`}, 0))`);
  const [counted] = await tx
    .select({ kept: count() })
    .from(subscriptions)
    .where(and(eq(subscriptions.organizationId, member.organizationId), own ? and(eq(subscriptions.ownerId, ownerId), eq(subscriptions.target, "me")) : ne(subscriptions.target, "me")));
  const max = own ? subscriptionLimits.own : subscriptionLimits.shared;
  if ((counted?.kept ?? 0) >= max) throw refusedField("target", "too-many-subscriptions", describeFault("too-many-subscriptions"));
}

/** What somebody asks for themselves is their own affair; what is arranged for others can be looked up. */
async function note(
  tx: Tx,
  member: Member,
  action: AuditAction,
  { name, target, ownerId, connectionId }: Pick<Subscription, "name" | "target" | "ownerId" | "connectionId">,
  more: Record<string, unknown> = {},
): Promise<void> {
  if (target === "me" && ownerId === member.id) return;
  await audit(tx, member, [{ action, subject: name, detail: { target, connectionId, ...more } }]);
}
