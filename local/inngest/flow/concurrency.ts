import { expression } from "../expression";
import type { EventPayload } from "../event";
import type { RegisteredFunction } from "../registry";

/**
 * The names under which a run's executing steps are counted, one per limit. Functions share a name by giving the same key and
 * the scope "env" or "account" (which are one on one machine).
 */
export function concurrencyKeys(fn: RegisteredFunction, event: EventPayload): string[] {
  return fn.concurrency.map(({ key, scope }) => {
    const space = scope && scope !== "fn" ? `${scope}` : `fn:${fn.id}`;
    return key ? `${space}|${key}|${expression(key, "event").key({ event })}` : space;
  });
}

/** How many steps run under each name. One engine works on a schema, so its own count is the whole count. */
export class ConcurrencyCounter {
  private readonly running = new Map<string, number>();
  private readonly limits = new Map<string, number>();

  /** Counts the step in, if every one of its limits has room. */
  enter(fn: RegisteredFunction, keys: readonly string[]): boolean {
    const limited = keys.map((key, index) => ({ key, limit: fn.concurrency[index]?.limit ?? 0 }));
    for (const { key, limit } of limited) {
      if (limit > 0) this.limits.set(key, Math.max(limit, this.limits.get(key) ?? 0));
      if (limit > 0 && (this.running.get(key) ?? 0) >= limit) return false;
    }
    for (const { key } of limited) this.running.set(key, (this.running.get(key) ?? 0) + 1);
    return true;
  }

  leave(keys: readonly string[]): void {
    for (const key of keys) {
      const left = (this.running.get(key) ?? 0) - 1;
      if (left > 0) this.running.set(key, left);
      else {
        this.running.delete(key);
        this.limits.delete(key);
      }
    }
  }

  /** The names without room, to leave their waiting steps out of the next claim. */
  full(): string[] {
    return [...this.limits].filter(([key, limit]) => (this.running.get(key) ?? 0) >= limit).map(([key]) => key);
  }
}
