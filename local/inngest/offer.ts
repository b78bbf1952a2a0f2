import type { Tx } from "./database";
import type { StoredEvent } from "./event";
import { expression } from "./expression";
import { batch } from "./flow/batch";
import { debounce } from "./flow/debounce";
import { withinRateLimit } from "./flow/rate-limit";
import { firstSight } from "./flow/seen";
import type { Registry, RegisteredFunction } from "./registry";
import { startRun } from "./start-run";

/** Passes an event that triggers a function through its gates, in the order of hosted Inngest, up to a queued run. */
export async function offer(tx: Tx, registry: Registry, fn: RegisteredFunction, event: StoredEvent): Promise<void> {
  if (event.externalId !== null && !(await firstSight(tx, fn.id, `event:${event.externalId}`))) return;
  const { idempotency } = fn.config;
  if (idempotency) {
    const key = expression(idempotency, "event").key({ event: event.payload });
    if (!(await firstSight(tx, fn.id, `idempotency:${key}`))) return;
  }
  if (!(await withinRateLimit(tx, fn, event.payload))) return;
  if (fn.config.debounce) return debounce(tx, fn, event);
  const events = await batch(tx, fn, event);
  if (!events) return;
  // An event dated ahead starts its run then.
  await startRun(tx, registry, { fn, events, cause: "event", notBefore: event.payload.ts });
}
