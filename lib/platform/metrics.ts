import { createHash, timingSafeEqual } from "node:crypto";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { breakers, type BreakerState } from "./breaker";
import { env } from "./env";

/**
 * What is counted and measured, by the names that Prometheus reads. A label has few values, all of them known beforehand: a person, an
 * organization or an id as a label would make a series of its own each, and end in a monitor that is larger than what it watches.
 */
function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    sent: new Counter({ name: "notifications_sent_total", help: "Deliveries that came to an end, by how.", labelNames: ["channel", "status"] as const, registers }),
    unknown: new Counter({
      name: "notifications_unknown_total",
      help: "Calls without an answer to providers that do not recognize a repetition: what they carried may have arrived twice.",
      labelNames: ["channel"] as const,
      registers,
    }),
    delivery: new Histogram({
      name: "delivery_duration_seconds",
      help: "From the moment a delivery was due until its provider accepted it.",
      labelNames: ["channel"] as const,
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200],
      registers,
    }),
    call: new Histogram({
      name: "provider_call_duration_seconds",
      help: "One call to a provider, by what came of it.",
      labelNames: ["provider", "outcome"] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5],
      registers,
    }),
    request: new Histogram({
      name: "http_request_duration_seconds",
      help: "Requests to the API, by route pattern.",
      labelNames: ["method", "route", "status"] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    breaker: new Gauge({
      name: "provider_breaker_state",
      help: "1 for the state that the breaker of a provider is in.",
      labelNames: ["provider", "state"] as const,
      registers,
      collect() {
        this.reset();
        for (const [provider, breaker] of breakers()) for (const state of breakerStates) this.set({ provider, state }, breaker.state() === state ? 1 : 0);
      },
    }),
    outboxAge: new Gauge({ name: "outbox_oldest_unsent_seconds", help: "Age of the oldest event that was not yet handed to Inngest.", registers }),
    outboxUnsent: new Gauge({ name: "outbox_unsent_events", help: "Events that were not yet handed to Inngest.", registers }),
    outboxParked: new Gauge({ name: "outbox_parked_events", help: "Events that were set aside because they cannot be handled.", registers }),
    outgoing: new Counter({
      name: "outgoing_webhook_attempts_total",
      help: "Attempts to deliver to endpoints, by how they ended: delivered, a class of status, or why no answer came.",
      labelNames: ["outcome"] as const,
      registers,
    }),
    queue: new Gauge({ name: "notifications_queue_depth", help: "Deliveries that are not settled, and dead letters.", labelNames: ["channel", "state"] as const, registers }),
    overdue: new Gauge({ name: "notifications_overdue_seconds", help: "How long the delivery that waits longest has been due.", labelNames: ["channel"] as const, registers }),
  };
}

const breakerStates: BreakerState[] = ["closed", "half-open", "open"];

export type Metrics = ReturnType<typeof createMetrics>;

// Next compiles route handlers and instrumentation into separate module graphs; what one counts, the other must show.
const held = globalThis as typeof globalThis & { moimMetrics?: Metrics };

export function metrics(): Metrics {
  return (held.moimMetrics ??= createMetrics());
}

/** Whether a request carries METRICS_TOKEN. Without one in the configuration nobody is let in. */
export function mayReadMetrics(headers: Pick<Headers, "get">): boolean {
  const token = env().METRICS_TOKEN;
  return token !== undefined && timingSafeEqual(digest(headers.get("authorization") ?? ""), digest(`Bearer ${token}`));
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** The pattern of a route: what the caller chose is replaced by its name, so that there are as many patterns as there are files. */
export function routePattern(path: string, params: Record<string, unknown>): string {
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(params)) for (const part of Array.isArray(value) ? value : [value]) names.set(String(part), name);
  return path
    .split("/")
    .map((segment) => {
      const name = names.get(decoded(segment)) ?? names.get(segment);
      return name === undefined ? segment : `:${name}`;
    })
    .join("/");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
