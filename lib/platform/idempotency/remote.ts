import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { clock } from "../clock";
import { inTenant, type Tenant } from "../db/client";
import { Refused } from "../errors";
import { idempotencyKeys } from "./tables";
import type { IdempotentRequest } from "./idempotency";

/** Instead of a result: work under way since then, or work begun then of which nobody knows what came. No result has a blank in it. */
const marked = (state: "pending" | "unknown", since: Date) => `${state} ${since.toISOString()}`;

function markOf(resultId: string): { pending: boolean; since: Date } | null {
  const [, state, at] = /^(pending|unknown) (.+)$/.exec(resultId) ?? [];
  return at === undefined ? null : { pending: state === "pending", since: new Date(at) };
}

/** Whoever has not finished by then died on the way: no call out takes that long. */
const abandonedAfterMs = 60_000;

interface RemoteWork {
  /** Does it, and answers the id of what it made. A `Refused` or any other error means that nothing was made. */
  work(): Promise<string>;
  /** Looks for what an earlier try may have made that died before it could say so; null when there is nothing. */
  find(since: Date): Promise<string | null>;
  /** Whether this error leaves open if anything was made. */
  isUnknown(error: unknown): boolean;
}

/**
 * Work that another server does, once for one key: unlike `claimKey` it cannot be in one transaction with its claim, so the claim says
 * first that it is under way, and then what came of it.
 * @throws Refused IDEMPOTENCY_MISMATCH for another input, IDEMPOTENCY_IN_PROGRESS while the first is under way.
 */
export async function onceRemotely(actor: Tenant & { id: string }, request: IdempotentRequest, { work, find, isUnknown }: RemoteWork): Promise<string> {
  const fingerprint = createHash("sha256").update(JSON.stringify([request.operation, request.input])).digest("hex");
  const own = { organizationId: actor.organizationId, actorId: actor.id, key: request.key };
  const mine = and(eq(idempotencyKeys.organizationId, own.organizationId), eq(idempotencyKeys.actorId, own.actorId), eq(idempotencyKeys.key, own.key));
  const startedAt = clock.now();
  const mark = marked("pending", startedAt);

  const claim = await inTenant(actor, async (tx) => {
    const inserted = await tx.insert(idempotencyKeys).values({ ...own, fingerprint, resultId: mark }).onConflictDoNothing().returning({ key: idempotencyKeys.key });
    if (inserted.length > 0) return { since: null };
    const [kept] = await tx.select().from(idempotencyKeys).where(mine).for("update");
    if (!kept || kept.fingerprint !== fingerprint) throw new Refused("IDEMPOTENCY_MISMATCH");
    const left = markOf(kept.resultId);
    if (!left) return { done: kept.resultId };
    if (left.pending && startedAt.getTime() - left.since.getTime() < abandonedAfterMs) throw new Refused("IDEMPOTENCY_IN_PROGRESS");
    await tx.update(idempotencyKeys).set({ resultId: mark }).where(mine);
    return { since: left.since };
  });
  if ("done" in claim && claim.done !== undefined) return claim.done;

  const settle = (resultId: string) => inTenant(actor, (tx) => tx.update(idempotencyKeys).set({ resultId }).where(mine));
  try {
    const resultId = (claim.since && (await find(claim.since))) ?? (await work());
    await settle(resultId);
    return resultId;
  } catch (error) {
    // The same may be sent again at once. What may have been made is looked for first.
    if (isUnknown(error)) await settle(marked("unknown", claim.since ?? startedAt));
    else await inTenant(actor, (tx) => tx.delete(idempotencyKeys).where(and(mine, eq(idempotencyKeys.resultId, mark))));
    throw error;
  }
}
