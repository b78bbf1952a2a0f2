import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { isId, newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { outboundFault } from "@/lib/platform/safe-fetch";
import { seal } from "@/lib/platform/secret-box";
import { describeFault } from "@/lib/platform/validation";
import { audit } from "@/lib/organizations/audit";
import type { Member } from "@/lib/organizations/actor";
import { outgoingReady } from "../../events";
import { mayManageIntegrations } from "../../policy";
import { subscriptions } from "../../subscriptions/tables";
import { secretContext, urlFaults } from "../rules";
import { newSecret } from "../signing";
import { endpoints, endpointSecrets, outgoingDeliveries } from "../tables";
import type { ChangeEndpointInput, CreateEndpointInput } from "./inputs";

type Endpoint = typeof endpoints.$inferSelect;

/** How long the secret before the current one still signs beside it. */
const overlapMs = 24 * 3600 * 1000;

/**
 * Adds an endpoint with a secret of its own. With `idempotencyKey`, a repeated request answers the first one's.
 * @throws Refused FORBIDDEN, INVALID (an address that may not be called).
 */
export async function createEndpoint(member: Member, input: CreateEndpointInput, options: { idempotencyKey?: string } = {}): Promise<{ endpointId: string }> {
  refuseUnlessManager(member);
  refuseAddress(input.url);
  return inTenant(member, async (tx) => {
    const id = newId("endpoint");
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "create-endpoint", input }, id);
      if (!claim.fresh) return { endpointId: claim.resultId };
    }
    await tx.insert(endpoints).values({ id, organizationId: member.organizationId, ...input, ownerId: member.id, createdAt: clock.now() });
    await giveSecret(tx, member, id);
    await audit(tx, member, [{ action: "endpoint.created", subject: input.name, detail: { url: input.url } }]);
    return { endpointId: id };
  });
}

/**
 * Fields that are not given stay as they are; `paused` pauses it by hand or lets it go on.
 * @param ifVersion the version the caller read. @throws Refused FORBIDDEN, NOT_FOUND, INVALID, PRECONDITION_FAILED.
 */
export async function changeEndpoint(member: Member, endpointId: string, { paused, ...fields }: ChangeEndpointInput, options: { ifVersion?: number } = {}): Promise<void> {
  refuseUnlessManager(member);
  await inTenant(member, async (tx) => {
    const before = await lockEndpoint(tx, member, endpointId);
    if (options.ifVersion !== undefined && options.ifVersion !== before.version) throw new Refused("PRECONDITION_FAILED");
    const changed = Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== undefined && value !== before[name as keyof typeof fields]));
    // What stands there already is no news: an operator may have closed the list of trusted receivers since.
    if (changed.url !== undefined) refuseAddress(String(changed.url));
    if (Object.keys(changed).length > 0) {
      await tx.update(endpoints).set({ ...changed, ...(changed.url !== undefined && { restsUntil: null }), version: sql`${endpoints.version} + 1` }).where(eq(endpoints.id, before.id));
      await audit(tx, member, [{ action: "endpoint.changed", subject: fields.name ?? before.name, detail: changed }]);
    }
    if (paused === true) await pause(tx, member, before);
    if (paused === false) await resume(tx, member, before);
  });
}

/** What happens meanwhile is kept. Doing so again changes nothing. @throws Refused FORBIDDEN, NOT_FOUND. */
export const pauseEndpoint = (member: Member, endpointId: string) => changeEndpoint(member, endpointId, { paused: true });

/** What was kept is delivered in its order, at once. @throws Refused FORBIDDEN, NOT_FOUND. */
export const resumeEndpoint = (member: Member, endpointId: string) => changeEndpoint(member, endpointId, { paused: false });

async function pause(tx: Tx, member: Member, before: Endpoint): Promise<void> {
  if (before.pausedAt) return;
  await tx.update(endpoints).set({ pausedAt: clock.now(), pauseReason: "by-hand", version: sql`${endpoints.version} + 1` }).where(eq(endpoints.id, before.id));
  await audit(tx, member, [{ action: "endpoint.paused", subject: before.name }]);
}

async function resume(tx: Tx, member: Member, before: Endpoint): Promise<void> {
  if (!before.pausedAt) return;
  const now = clock.now().toISOString();
  await tx.update(endpoints).set({ pausedAt: null, pauseReason: null, failingSince: null, restsUntil: null, version: sql`${endpoints.version} + 1` }).where(eq(endpoints.id, before.id));
  // The first of each entity is due; the others become so as those before them are settled (`sending`), so that nobody looks at all of
  // them each time. The ten minutes are for what might be forgotten.
  await tx.execute(sql`
    update outgoing_deliveries set next_attempt_at = case when place = 1 then ${now}::timestamptz else ${now}::timestamptz + interval '10 minutes' end
    from (
      select id, row_number() over (partition by entity order by sequence) as place
      from outgoing_deliveries where endpoint_id = ${before.id} and state in ('pending', 'sending')
    ) as waiting
    where outgoing_deliveries.id = waiting.id and state = 'pending'`);
  await append(tx, member, outgoingReady, { endpointId: before.id });
  await audit(tx, member, [{ action: "endpoint.resumed", subject: before.name }]);
}

/**
 * Nothing goes there any more: what waits is dropped, and the subscriptions that led there end with it. Its log stays for as long as
 * any. @throws Refused FORBIDDEN, NOT_FOUND.
 */
export async function deleteEndpoint(member: Member, endpointId: string): Promise<void> {
  refuseUnlessManager(member);
  await inTenant(member, async (tx) => {
    const before = await lockEndpoint(tx, member, endpointId);
    const now = clock.now();
    await tx.update(endpoints).set({ deletedAt: now, version: sql`${endpoints.version} + 1` }).where(eq(endpoints.id, before.id));
    await tx
      .update(outgoingDeliveries)
      .set({ state: "dropped", reason: "endpoint-deleted", settledAt: now, claimedUntil: null })
      .where(and(eq(outgoingDeliveries.endpointId, before.id), inArray(outgoingDeliveries.state, ["pending", "sending"])));
    await tx.delete(endpointSecrets).where(eq(endpointSecrets.endpointId, before.id));
    const ended = await tx
      .delete(subscriptions)
      .where(and(eq(subscriptions.organizationId, member.organizationId), eq(subscriptions.endpointId, before.id)))
      .returning({ name: subscriptions.name });
    await audit(tx, member, [
      { action: "endpoint.deleted", subject: before.name, detail: { url: before.url } },
      ...ended.map(({ name }) => ({ action: "subscription.deleted" as const, subject: name, detail: { endpoint: before.name } })),
    ]);
  });
}

/** Gives it a new secret. For a day both sign, so that the receiver can change over. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function rotateEndpointSecret(member: Member, endpointId: string): Promise<{ secret: string; overlapEndsAt: Date }> {
  refuseUnlessManager(member);
  return inTenant(member, async (tx) => {
    const before = await lockEndpoint(tx, member, endpointId);
    const overlapEndsAt = new Date(clock.nowMs() + overlapMs);
    await tx
      .update(endpointSecrets)
      .set({ validUntil: overlapEndsAt })
      .where(and(eq(endpointSecrets.endpointId, before.id), isNull(endpointSecrets.validUntil)));
    const secret = await giveSecret(tx, member, before.id);
    await audit(tx, member, [{ action: "endpoint.secret-rotated", subject: before.name }]);
    return { secret, overlapEndsAt };
  });
}

async function giveSecret(tx: Tx, member: Member, endpointId: string): Promise<string> {
  const secret = newSecret();
  await tx.insert(endpointSecrets).values({ organizationId: member.organizationId, endpointId, secret: seal(secret, secretContext(endpointId)), createdAt: clock.now() });
  return secret;
}

function refuseUnlessManager(member: Member): void {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
}

function refuseAddress(url: string): void {
  const fault = outboundFault(url);
  if (fault) throw refusedField("url", urlFaults[fault], describeFault(urlFaults[fault]));
}

/** In the caller's transaction, locked. @throws Refused NOT_FOUND, for a deleted one too. */
export async function lockEndpoint(tx: Tx, member: Member, endpointId: string): Promise<Endpoint> {
  const [found] = isId("endpoint", endpointId)
    ? await tx
        .select()
        .from(endpoints)
        .where(and(eq(endpoints.organizationId, member.organizationId), eq(endpoints.id, endpointId), isNull(endpoints.deletedAt)))
        .for("update")
    : [];
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}
