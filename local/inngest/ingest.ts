import { z } from "zod";
import { at, type Database } from "./database";
import type { EventPayload } from "./event";
import { ulid, ulidFromSeed } from "./ulid";

export const EVENTS_A_REQUEST_MAX = 5000;
export const EVENT_BYTES_MAX = 3 * 1024 * 1024;

/** PostgreSQL's text holds every character but this one. */
const noNul = (text: string) => !text.includes("\0");

const eventSchema = z.object({
  name: z
    .string({ error: "event name is empty" })
    .min(1, "event name is empty")
    .max(256, "event name is longer than 256 characters")
    .refine(noNul, "event name holds a NUL character")
    .refine((name) => !name.startsWith("inngest/"), { error: ({ input }) => `event name is reserved for internal use: ${String(input)}` }),
  data: z.record(z.string(), z.unknown(), { error: "event data must be an object" }).nullish(),
  ts: z.int({ error: "event ts must be an integer of milliseconds" }).min(0, "event ts must not be negative").nullish(),
  id: z.string({ error: "event id must be text" }).max(512, "event id is longer than 512 characters").refine(noNul, "event id holds a NUL character").nullish(),
  v: z.string({ error: "event v must be text" }).nullish(),
  user: z.unknown().optional(),
  meta: z.unknown().optional(),
});

/** What the sender did wrong, in words for them. */
export class EventRefused extends Error {}

interface AcceptedEvent {
  id: string;
  externalId: string | null;
  name: string;
  payload: string;
}

/** "<ms>,<random>": the SDK repeats it when it sends the same events again after a lost answer. */
function seedOf(header: string | undefined): { ms: number; entropy: string } | undefined {
  const [ms, entropy] = header?.split(",") ?? [];
  if (!ms || !entropy || !/^\d{1,15}$/.test(ms)) return undefined;
  return { ms: Number(ms), entropy };
}

/** @throws EventRefused; a request is taken whole or not at all. */
export function readEvents(body: unknown, seedHeader: string | undefined, now: number): AcceptedEvent[] {
  const items = Array.isArray(body) ? (body as unknown[]) : [body];
  if (items.length > EVENTS_A_REQUEST_MAX) throw new EventRefused(`more than ${EVENTS_A_REQUEST_MAX} events in one request`);
  const seed = seedOf(seedHeader);
  return items.map((item, position) => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) throw new EventRefused("an event must be an object");
    const parsed = eventSchema.safeParse(item);
    if (!parsed.success) throw new EventRefused(parsed.error.issues[0]?.message ?? "the event is not valid");
    const given = parsed.data;
    const id = seed ? ulidFromSeed(seed.ms, seed.entropy, position) : ulid(now);
    const payload: EventPayload = {
      id: given.id || id,
      name: given.name,
      data: given.data ?? {},
      ts: given.ts ?? now,
      ...(given.v ? { v: given.v } : {}),
      ...(given.user === undefined ? {} : { user: given.user }),
      ...(given.meta === undefined ? {} : { meta: given.meta }),
    };
    const text = JSON.stringify(payload);
    if (Buffer.byteLength(text) > EVENT_BYTES_MAX) throw new EventRefused("the event is larger than 3 MB");
    return { id, externalId: given.id || null, name: given.name, payload: text };
  });
}

interface Waiting {
  events: AcceptedEvent[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Stores accepted events; `store` comes back when they are durable. Requests that arrive while an insert is under way share the
 * next one: under load many requests wait for the disk together, alone one does not wait for others.
 */
export class EventStore {
  private waiting: Waiting[] = [];
  private inFlight = 0;

  constructor(
    private readonly database: Database,
    private readonly now: () => number,
    private readonly onStored: () => void,
  ) {}

  store(events: AcceptedEvent[]): Promise<void> {
    if (events.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.waiting.push({ events, resolve, reject });
      void this.flush();
    });
  }

  private async flush(): Promise<void> {
    if (this.inFlight >= 2 || this.waiting.length === 0) return;
    let size = 0;
    const share: Waiting[] = [];
    while (this.waiting[0] && (size === 0 || size + this.waiting[0].events.length <= 500)) {
      const next = this.waiting.shift();
      if (!next) break;
      share.push(next);
      size += next.events.length;
    }
    this.inFlight += 1;
    try {
      await this.insert(share.flatMap(({ events }) => events));
      for (const { resolve } of share) resolve();
      this.onStored();
    } catch (error) {
      for (const { reject } of share) reject(error);
    } finally {
      this.inFlight -= 1;
      void this.flush();
    }
  }

  private async insert(events: AcceptedEvent[]): Promise<void> {
    await this.database.sql`
      insert into event (id, external_id, name, payload, received_at)
      select id, external_id, name, payload, ${at(this.now())}
      from unnest(
        ${events.map(({ id }) => id)}::text[], ${events.map(({ externalId }) => externalId)}::text[],
        ${events.map(({ name }) => name)}::text[], ${events.map(({ payload }) => payload)}::text[]
      ) as given (id, external_id, name, payload)
      on conflict (id) do nothing`;
  }
}
