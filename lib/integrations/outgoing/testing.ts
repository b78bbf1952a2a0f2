import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { and, asc, eq } from "drizzle-orm";
import { asSystem, inTenant, type Tenant } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { enqueue, type OutgoingItem } from "./commands";
import { createEndpoint } from "./endpoints/commands";
import { createEndpointInput } from "./endpoints/inputs";
import { sendDue } from "./sending/commands";
import type { RoundOptions } from "./sending/round";
import { endpoints, outgoingAttempts, outgoingDeliveries } from "./tables";

/** Shorthands of this concern's database tests and measures. */
export interface Received {
  id: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  said: { type: string; sequence: number; entity: string; data: Record<string, unknown> };
}
type Answer = (received: Received, response: ServerResponse) => void | Promise<void>;

export interface Receiver {
  /** `host:port`, for OUTBOUND_ALLOW. */
  host: string;
  url: string;
  received: Received[];
  answer: Answer;
  close(): Promise<void>;
}

export const ok: Answer = (_, response) => void response.writeHead(204).end();
export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(code, headers).end(`answer ${code}`);

export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const received = { id: String(request.headers["webhook-id"]), path: request.url ?? "", headers: request.headers, body, said: JSON.parse(body) as Received["said"] };
      receiver.received.push(received);
      void receiver.answer(received, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const receiver: Receiver = {
    host,
    url: `http://${host}/hook`,
    received: [],
    answer: ok,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

export const anEndpoint = async (member: Member, url: string, more: { name?: string; pauseAfterHours?: number } = {}) =>
  (await createEndpoint(member, parseInput(createEndpointInput, { name: "Receiver", url, ...more }))).endpointId;

/** An event about an entity, put on its way; its id. */
export async function put(tenant: Tenant, endpointId: string, more: Partial<OutgoingItem> = {}): Promise<{ eventId: string; deliveryIds: string[] }> {
  const eventId = more.eventId ?? newId("event");
  const item = { endpointId, eventId, event: "jira.issue.updated", entity: "issue:1", subscriptionIds: [], data: { n: 1 }, occurredAt: "2026-11-21T10:00:00.000Z", ...more };
  return { eventId, deliveryIds: await inTenant(tenant, (tx) => enqueue(tx, tenant, [item])) };
}

export const send = (tenant: Tenant, endpointId: string, options?: RoundOptions) => sendDue([{ organizationId: tenant.organizationId, endpointId }], options);

export const deliveriesOf = (tenant: Tenant, endpointId: string) =>
  inTenant(tenant, (tx) => tx.select().from(outgoingDeliveries).where(eq(outgoingDeliveries.endpointId, endpointId)).orderBy(asc(outgoingDeliveries.entity), asc(outgoingDeliveries.sequence)));

export const attemptsOf = (tenant: Tenant, deliveryId: string) =>
  inTenant(tenant, (tx) => tx.select().from(outgoingAttempts).where(eq(outgoingAttempts.deliveryId, deliveryId)).orderBy(asc(outgoingAttempts.number)));

export async function endpointRow(tenant: Tenant, endpointId: string) {
  const [row] = await inTenant(tenant, (tx) => tx.select().from(endpoints).where(eq(endpoints.id, endpointId)));
  if (!row) throw new Error(`no endpoint ${endpointId}`);
  return row;
}

export const eventsNamed = (tenant: Tenant, name: string) =>
  asSystem("relay", (tx) => tx.select().from(outboxEvents).where(and(eq(outboxEvents.organizationId, tenant.organizationId), eq(outboxEvents.name, name))).orderBy(asc(outboxEvents.id)));
