import { lt } from "drizzle-orm";
import { rateLimits, sessions, verificationTokens } from "./auth/tables";
import { clock } from "./clock";
import { asSystem } from "./db/client";
import { idempotencyKeys } from "./idempotency/tables";
import { outboxEvents } from "./outbox/tables";

const dayMs = 24 * 60 * 60 * 1000;

/** Deletes what nobody can use any more; sent events stay for a week, for whoever looks into what happened. */
export async function tidy(): Promise<{ events: number; keys: number; limits: number; tokens: number; sessions: number }> {
  const now = clock.nowMs();
  const before = (ageMs: number) => new Date(now - ageMs);
  return asSystem("housekeeping", async (tx) => ({
    events: (await tx.delete(outboxEvents).where(lt(outboxEvents.sentAt, before(7 * dayMs)))).count,
    keys: (await tx.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, before(dayMs)))).count,
    limits: (await tx.delete(rateLimits).where(lt(rateLimits.windowStart, before(dayMs)))).count,
    tokens: (await tx.delete(verificationTokens).where(lt(verificationTokens.expiresAt, before(dayMs)))).count,
    sessions: (await tx.delete(sessions).where(lt(sessions.expiresAt, before(0)))).count,
  }));
}
