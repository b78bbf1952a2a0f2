import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import type { Tenant, Tx } from "../db/client";
import { Refused } from "../errors";
import { idempotencyKeys } from "./tables";

export interface IdempotentRequest {
  key: string;
  operation: string;
  input: unknown;
}

/**
 * Claims an `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header) inside the transaction of the work it protects. A
 * second request with the same key blocks on the unique key until the first commits, and then learns its result; when the first
 * rolls back, the second does the work.
 * @returns `resultId` when the key is new, otherwise the id the first request produced.
 * @throws Refused IDEMPOTENCY_MISMATCH when the key came with another input.
 */
export async function claimKey(
  tx: Tx,
  actor: Tenant & { id: string },
  request: IdempotentRequest,
  resultId: string,
): Promise<{ fresh: boolean; resultId: string }> {
  const fingerprint = createHash("sha256").update(JSON.stringify([request.operation, request.input])).digest("hex");
  const own = { organizationId: actor.organizationId, actorId: actor.id, key: request.key };
  const inserted = await tx
    .insert(idempotencyKeys)
    .values({ ...own, fingerprint, resultId })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (inserted.length > 0) return { fresh: true, resultId };
  const [kept] = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.organizationId, own.organizationId), eq(idempotencyKeys.actorId, own.actorId), eq(idempotencyKeys.key, own.key)));
  if (!kept || kept.fingerprint !== fingerprint) throw new Refused("IDEMPOTENCY_MISMATCH");
  return { fresh: false, resultId: kept.resultId };
}
