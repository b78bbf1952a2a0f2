import { sql } from "drizzle-orm";
import { clock } from "./clock";
import { asSystem } from "./db/client";
import { withTimeout } from "./provider";

export interface EngineHealth {
  ok: boolean;
  /** Milliseconds the answer took. */
  tookMs: number;
  reason?: string;
}

const answerWithinMs = 2_000;

/** Asks one engine, for at most two seconds. Never throws. */
export async function probe(ask: (signal: AbortSignal) => Promise<unknown>): Promise<EngineHealth> {
  const startedAt = performance.now();
  const took = () => Math.round(performance.now() - startedAt);
  try {
    await withTimeout(ask(AbortSignal.timeout(answerWithinMs)), answerWithinMs);
    return { ok: true, tookMs: took() };
  } catch (error) {
    return { ok: false, tookMs: took(), reason: error instanceof Error ? error.message : String(error) };
  }
}

/** @throws when the database does not answer, or when our role could look past row level security. */
export async function assertDatabase(): Promise<void> {
  const [role] = await asSystem("health", (tx) =>
    tx.execute<{ unsafe: boolean }>(sql`select rolsuper or rolbypassrls as unsafe from pg_roles where rolname = current_user`),
  );
  if (role?.unsafe) throw new Error("the role in DATABASE_URL is a superuser or bypasses row level security; use an ordinary role");
}

export interface OutboxHealth {
  /** Seconds the oldest event has waited to be handed to Inngest; 0 when none waits. */
  oldestUnsentSeconds: number;
  unsent: number;
  /** Events that Inngest refused for good. */
  parked: number;
}

export async function outboxHealth(): Promise<OutboxHealth> {
  const [row] = await asSystem("health", (tx) =>
    tx.execute<{ oldest: Date | string | null; unsent: number; parked: number }>(sql`
      select min(occurred_at) filter (where parked_at is null) as oldest,
        (count(*) filter (where parked_at is null))::int as unsent,
        (count(*) filter (where parked_at is not null))::int as parked
      from outbox_events where sent_at is null`),
  );
  const oldest = row?.oldest ? new Date(row.oldest).getTime() : null;
  return {
    oldestUnsentSeconds: oldest === null ? 0 : Math.max(0, Math.round((clock.nowMs() - oldest) / 1000)),
    unsent: row?.unsent ?? 0,
    parked: row?.parked ?? 0,
  };
}
