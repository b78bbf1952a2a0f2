import type { z } from "zod";
import { clock } from "../clock";
import type { Tenant, Tx } from "../db/client";
import { newId, type Id } from "../ids";
import { outboxEvents } from "./tables";

/** The contract of one event: its name, its version and what its payload holds. Domains declare theirs in `events.ts`. */
export interface EventContract<Name extends string, Schema extends z.ZodType<Record<string, unknown>>> {
  readonly name: Name;
  readonly version: number;
  readonly schema: Schema;
}

export function defineEvent<Name extends string, Schema extends z.ZodType<Record<string, unknown>>>(
  name: Name,
  version: number,
  schema: Schema,
): EventContract<Name, Schema> {
  return { name, version, schema };
}

/** What durable functions receive: the payload plus where and when it happened. */
export interface EventEnvelope<Payload = Record<string, unknown>> {
  eventId: Id<"event">;
  organizationId: string;
  version: number;
  occurredAt: string;
  payload: Payload;
}

/**
 * Writes an event in the caller's transaction: the change and its event commit together or not at all.
 * The payload is parsed so that a contract breach fails the command instead of a function hours later.
 */
export async function append<Name extends string, Schema extends z.ZodType<Record<string, unknown>>>(
  tx: Tx,
  tenant: Tenant,
  contract: EventContract<Name, Schema>,
  payload: z.input<Schema>,
): Promise<Id<"event">> {
  const id = newId("event");
  await tx.insert(outboxEvents).values({ id, ...row(tenant, contract, payload) });
  return id;
}

/** The same for several events of one kind, in one statement. */
export async function appendAll<Name extends string, Schema extends z.ZodType<Record<string, unknown>>>(
  tx: Tx,
  tenant: Tenant,
  contract: EventContract<Name, Schema>,
  payloads: z.input<Schema>[],
): Promise<void> {
  if (payloads.length === 0) return;
  await tx.insert(outboxEvents).values(payloads.map((payload) => row(tenant, contract, payload)));
}

function row<Name extends string, Schema extends z.ZodType<Record<string, unknown>>>(
  tenant: Tenant,
  contract: EventContract<Name, Schema>,
  payload: z.input<Schema>,
) {
  return {
    organizationId: tenant.organizationId,
    name: contract.name,
    version: contract.version,
    payload: contract.schema.parse(payload),
    occurredAt: clock.now(),
  };
}
