import { sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { log } from "@/lib/platform/log";
import { metrics } from "@/lib/platform/metrics";
import { append } from "@/lib/platform/outbox/outbox";
import { safeFetch, type SafeAnswer, type SafeRefusal } from "@/lib/platform/safe-fetch";
import { open } from "@/lib/platform/secret-box";
import { subscriptionPaused } from "../../events";
import { beginningOf, headersKept, secretContext, testEntity, verdictOf, type Verdict } from "../rules";
import { signatureOf } from "../signing";

/** For everything together: name, connection, answer. */
const timeoutMs = 15_000;
/** Much more of an answer than is kept, so that a connection with an ordinary error page on it can be used again. */
const answerBytesMax = 64 * 1024;
/** Four times what an attempt can take; then whoever sent it has died. */
const leaseMs = 60_000;
/** How much of the body the owner of a paused endpoint is shown. */
const payloadShown = 1_000;

export interface Claimed {
  id: string;
  eventId: string;
  event: string;
  entity: string;
  body: string;
  /** How many attempts there were before. */
  attemptCount: number;
  /** The lease, which is the fence as well: who lost it records nothing. */
  claimedUntil: Date;
  test: boolean;
}

export interface Target {
  id: string;
  url: string;
  failing: boolean;
  /** The newest first. */
  secrets: string[];
}

/**
 * Takes up what may be sent to an endpoint now: of each entity only what comes next, so that nothing is overtaken, whoever else is sending.
 * What somebody held who has died counts as an attempt whose end is not known. Of an endpoint that is paused, or asked for patience, only tests are taken up.
 */
export async function claimDue(tenant: Tenant, endpointId: string, limit: number): Promise<{ target: Target | null; claimed: Claimed[] }> {
  const now = clock.now();
  const until = new Date(now.getTime() + leaseMs);
  return inTenant(tenant, async (tx) => {
    const [endpoint] = await tx.execute<{ id: string; url: string; failing: boolean; quiet: boolean; secrets: string[] }>(sql`
      select id, url, failing_since is not null as failing, paused_at is not null or coalesce(rests_until > ${now.toISOString()}::timestamptz, false) as quiet,
        array(select secret from endpoint_secrets where endpoint_id = endpoints.id and (valid_until is null or valid_until > ${now.toISOString()}::timestamptz)
          order by valid_until desc nulls first) as secrets
      from endpoints where id = ${endpointId} and deleted_at is null`);
    if (!endpoint) return { target: null, claimed: [] };
    const rows = await tx.execute<Row>(sql`
      with due as (
        select id, state from outgoing_deliveries as delivery
        where endpoint_id = ${endpointId} and state in ('pending', 'sending') and next_attempt_at <= ${now.toISOString()}::timestamptz
          and (claimed_until is null or claimed_until < ${now.toISOString()}::timestamptz)
          ${endpoint.quiet ? sql`and entity = ${testEntity(endpointId)}` : sql``}
          and not exists (
            select 1 from outgoing_deliveries as earlier
            where earlier.endpoint_id = delivery.endpoint_id and earlier.entity = delivery.entity and earlier.sequence < delivery.sequence
              and earlier.state in ('pending', 'sending'))
        order by next_attempt_at, id
        limit ${limit}
        for update skip locked
      )
      update outgoing_deliveries as delivery
      set state = 'sending', claimed_until = ${until.toISOString()}::timestamptz,
        attempt_count = attempt_count + case when due.state = 'sending' then 1 else 0 end
      from due where delivery.id = due.id
      returning delivery.id, delivery.event_id, delivery.event, delivery.entity, delivery.body, delivery.attempt_count, delivery.test,
        due.state = 'sending' as abandoned`);
    if (rows.length === 0) return { target: null, claimed: [] };
    await recordAbandoned(tx, tenant, rows.filter(({ abandoned }) => abandoned), now);
    return {
      target: { ...endpoint, secrets: endpoint.secrets.map((secret) => open(secret, secretContext(endpointId))) },
      claimed: rows.map((row) => ({
        id: row.id,
        eventId: row.event_id,
        event: row.event,
        entity: row.entity,
        body: row.body,
        attemptCount: row.attempt_count,
        claimedUntil: until,
        test: row.test,
      })),
    };
  });
}

type Row = Record<string, unknown> & {
  id: string;
  event_id: string;
  event: string;
  entity: string;
  body: string;
  attempt_count: number;
  test: boolean;
  abandoned: boolean;
};

/** It may have arrived: the receiver knows it by its `webhook-id`, which stays the same. */
async function recordAbandoned(tx: Tx, tenant: Tenant, rows: Row[], now: Date): Promise<void> {
  for (const row of rows) {
    log.warn("taking over what a process that ended was sending", { deliveryId: row.id });
    const attempt = { deliveryId: row.id, number: row.attempt_count, startedAt: now, finishedAt: now, requestHeaders: {}, ended: { fault: abandonedFault } };
    await tx.execute(insertAttempt(tenant, attempt, sql`(select 1)`));
  }
}

export const abandonedFault = "the process that was sending this ended; whether it arrived is not known";

export interface Attempt {
  deliveryId: string;
  number: number;
  startedAt: Date;
  finishedAt: Date;
  requestHeaders: Record<string, string>;
  ended: { status: number; headers: Record<string, string>; body: string } | { fault: string };
}

export type Fetch = (url: string, wish: { method: "POST"; headers: Record<string, string>; body: string; timeoutMs: number; maxBytes: number; keepAlive: boolean }) => Promise<SafeAnswer | SafeRefusal>;

/** One request with its answer. Never throws because of the other side. */
export async function attempt(target: Target, delivery: Claimed, fetch: Fetch = safeFetch): Promise<Attempt> {
  const startedAt = clock.now();
  const timestamp = Math.floor(startedAt.getTime() / 1000);
  const requestHeaders = {
    "content-type": "application/json",
    "user-agent": "Moim-Webhooks/1.0",
    "webhook-id": delivery.eventId,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signatureOf({ id: delivery.eventId, timestamp, body: delivery.body }, target.secrets),
  };
  const answer = await fetch(target.url, { method: "POST", headers: requestHeaders, body: delivery.body, timeoutMs, maxBytes: answerBytesMax, keepAlive: true });
  const ended = "refused" in answer ? { fault: `${answer.refused}: ${answer.detail}` } : { status: answer.status, headers: answer.headers, body: answer.body };
  return { deliveryId: delivery.id, number: delivery.attemptCount + 1, startedAt, finishedAt: clock.now(), requestHeaders, ended };
}

export interface Settled {
  verdict: Verdict["kind"] | "lost";
  paused: boolean;
  /** Something of its entity waited for it and is due now. */
  followed: boolean;
}

/**
 * Writes what came of an attempt, in one transaction: the attempt, what becomes of the delivery, who may follow it, how the endpoint does,
 * and that its owner is to be told. Locks the endpoint before the delivery, as whoever deletes it does.
 */
export async function settle(tenant: Tenant, target: Target, delivery: Claimed, made: Attempt, jitter = Math.random()): Promise<Settled> {
  const now = clock.now();
  const ended = "fault" in made.ended ? made.ended : { status: made.ended.status, retryAfter: made.ended.headers["retry-after"] };
  const verdict = verdictOf(ended, { attempts: made.number, nowMs: now.getTime(), jitter, test: delivery.test });
  const settled = await inTenant(tenant, async (tx): Promise<Settled> => {
    // What did well before it was sent, and was taken, is as it was.
    if (!delivery.test && (target.failing || verdict.kind !== "delivered")) await noteHealth(tx, target.id, verdict, made.startedAt);
    const { recorded, followed } = await record(tx, tenant, delivery, made, verdict, now);
    if (!recorded) return { verdict: "lost", paused: false, followed: false };
    if (verdict.kind === "retry") await keepBehind(tx, target.id, delivery.entity, new Date(now.getTime() + verdict.waitMs), verdict.everything);
    const paused = !delivery.test && verdict.kind !== "delivered" && (await pauseIfDue(tx, tenant, target, delivery, made, verdict, now));
    return { verdict: verdict.kind, paused, followed };
  });
  metrics().outgoing.inc({ outcome: outcomeOf(settled.verdict, made) });
  return settled;
}

function outcomeOf(verdict: Settled["verdict"], { ended }: Attempt): string {
  if (verdict === "delivered" || verdict === "lost" || verdict === "gone") return verdict;
  if ("fault" in ended) return ended.fault.slice(0, ended.fault.indexOf(":"));
  return `${Math.floor(ended.status / 100)}xx`;
}

async function noteHealth(tx: Tx, endpointId: string, verdict: Verdict, startedAt: Date): Promise<void> {
  await tx.execute(
    verdict.kind === "delivered"
      ? sql`update endpoints set failing_since = null where id = ${endpointId} and failing_since is not null`
      : // Also when nothing changes: whoever may pause it below must not lock the delivery first.
        sql`update endpoints set failing_since = coalesce(failing_since, ${startedAt.toISOString()}::timestamptz) where id = ${endpointId}`,
  );
}

/** Records nothing when somebody else holds it by now. What comes after it in its entity is due as soon as it is settled. */
async function record(tx: Tx, tenant: Tenant, delivery: Claimed, made: Attempt, verdict: Verdict, now: Date): Promise<{ recorded: boolean; followed: boolean }> {
  const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;
  const waits = verdict.kind === "retry" || verdict.kind === "gone";
  const next = verdict.kind === "retry" ? new Date(now.getTime() + verdict.waitMs) : now;
  const state = verdict.kind === "delivered" ? "delivered" : waits ? "pending" : "failed";
  const reason = verdict.kind === "exhausted" ? (delivery.test ? "test" : "exhausted") : null;
  const [row] = await tx.execute<{ recorded: boolean; followed: boolean }>(sql`
    with settled as (
      update outgoing_deliveries
      set state = ${state}, reason = ${reason}, attempt_count = ${made.number}, claimed_until = null, next_attempt_at = ${at(next)},
        settled_at = ${waits ? sql`null` : at(now)}
      where id = ${delivery.id} and state = 'sending' and claimed_until = ${at(delivery.claimedUntil)}
      returning id, endpoint_id, entity, sequence, state
    ), noted as (
      ${insertAttempt(tenant, made, sql`settled`)}
    ), following as (
      update outgoing_deliveries as waiting set next_attempt_at = least(next_attempt_at, ${at(now)})
      where id = (
        select later.id from outgoing_deliveries as later, settled
        where later.endpoint_id = settled.endpoint_id and later.entity = settled.entity and later.sequence > settled.sequence
          and later.state = 'pending' and settled.state in ('delivered', 'failed')
        order by later.sequence limit 1)
      returning waiting.id
    )
    select exists(select 1 from settled) as recorded, exists(select 1 from following) as followed`);
  return row ?? { recorded: false, followed: false };
}

function insertAttempt(tenant: Tenant, { deliveryId, number, startedAt, finishedAt, requestHeaders, ended }: Attempt, from: ReturnType<typeof sql>) {
  const answered = "status" in ended ? ended : null;
  return sql`
    insert into outgoing_attempts
      (id, organization_id, delivery_id, number, started_at, finished_at, succeeded, request_headers, status_code, response_headers, response_body, fault)
    select ${newId("outgoingAttempt")}, ${tenant.organizationId}, ${deliveryId}, ${number}::integer, ${startedAt.toISOString()}::timestamptz,
      ${finishedAt.toISOString()}::timestamptz, ${answered !== null && answered.status >= 200 && answered.status < 300}::boolean,
      ${JSON.stringify(requestHeaders)}::jsonb, ${answered?.status ?? null}::integer, ${answered ? JSON.stringify(headersKept(answered.headers)) : null}::jsonb,
      ${answered ? beginningOf(answered.body) : null}, ${"fault" in ended ? ended.fault.slice(0, 500) : null}
    from ${from} as one`;
}

/**
 * Whatever waits behind a failed attempt, or behind an endpoint that asked for patience, is not looked at before its time; what comes for
 * such an endpoint later finds its wish in its row.
 */
async function keepBehind(tx: Tx, endpointId: string, entity: string, until: Date, everything: boolean): Promise<void> {
  if (everything) await tx.execute(sql`update endpoints set rests_until = greatest(rests_until, ${until.toISOString()}::timestamptz) where id = ${endpointId}`);
  await tx.execute(sql`
    update outgoing_deliveries set next_attempt_at = ${until.toISOString()}::timestamptz
    where endpoint_id = ${endpointId} and state = 'pending' and next_attempt_at < ${until.toISOString()}::timestamptz
      ${everything ? sql`and not test` : sql`and entity = ${entity}`}`);
}

/**
 * Pauses what is gone, or has done nothing but fail for as long as its admins allow. The row changes once, and with it commits the one
 * event that tells its owner; an owner who has left, or may no longer read what endpoints are sent, is stood in for by the organization's.
 */
async function pauseIfDue(tx: Tx, tenant: Tenant, target: Target, delivery: Claimed, made: Attempt, verdict: Verdict, now: Date): Promise<boolean> {
  const reason = verdict.kind === "gone" ? "gone" : "failing";
  const [paused] = await tx.execute<{ id: string; name: string; url: string; owner: string; waiting: number }>(sql`
    update endpoints set paused_at = ${now.toISOString()}::timestamptz, pause_reason = ${reason}, version = version + 1
    where id = ${target.id} and paused_at is null and deleted_at is null
      ${reason === "gone" ? sql`` : sql`and failing_since <= ${now.toISOString()}::timestamptz - make_interval(hours => pause_after_hours)`}
    returning id, name, url,
      (select coalesce(max(id) filter (where id = endpoints.owner_id and role in ('owner', 'admin')), min(id) filter (where role = 'owner'), endpoints.owner_id) from members
        where organization_id = endpoints.organization_id and removed_at is null) as owner,
      (select count(*)::integer from outgoing_deliveries where endpoint_id = endpoints.id and state in ('pending', 'sending') and not test) as waiting`);
  if (!paused) return false;
  const { id, name, url } = paused;
  const detail = "fault" in made.ended ? made.ended.fault : `HTTP ${made.ended.status}`;
  await append(tx, tenant, subscriptionPaused, {
    endpoint: { id, name, url },
    ownerId: paused.owner,
    reason,
    detail: detail.slice(0, 300),
    event: delivery.event,
    payload: delivery.body.slice(0, payloadShown).replace(/[\uD800-\uDBFF]$/, ""),
    waiting: paused.waiting,
  });
  log.warn("endpoint paused", { endpointId: id, reason, detail });
  return true;
}
