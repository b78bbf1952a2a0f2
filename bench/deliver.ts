// One event to 1, 100 and 1,000 endpoints: matched with their subscriptions and put on its way, beside one INSERT of the same bodies;
// then signed, sent, recorded, beside bare requests to the same receiver, which runs in a process of its own.
import { fork } from "node:child_process";
import { Agent, request } from "undici";
import { closeDatabase, inTenant } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { createEndpoint } from "@/lib/integrations/outgoing/endpoints/commands";
import { dispatchProductEvent } from "@/lib/integrations/outgoing/product-events/commands";
import { sendDue } from "@/lib/integrations/outgoing/sending/commands";
import { subscriptions } from "@/lib/integrations/subscriptions/tables";
import { meetingScheduled } from "@/lib/meetings/events";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization } from "@/lib/organizations/testing";
import { discardUnsent, openDatabase } from "./measuring/database";
import { withEngineHeld } from "./measuring/held-engine";
import { actAsInstance, readInstance } from "./measuring/instance";
import { ms, perSecond, printTable, share, times, whole } from "./measuring/table";

const sizes = [1, 100, 1_000];
/** As many deliveries of each size, so that a figure of one endpoint is no single stroke. */
const deliveriesEach = 1_000;
const requestsAtOnce = 50;

const instance = readInstance();
const receiver = fork(new URL("./measuring/webhook-receiver.ts", import.meta.url), [], { execArgv: ["--import", "tsx"] });
const host = await new Promise<string>((ready) => receiver.once("message", (message) => ready(String(message))));
process.env.OUTBOUND_ALLOW = host;
actAsInstance(instance);
const url = `http://${host}/hook`;
const sql = await openDatabase(instance.postgres.url);

interface Measured {
  enqueueMs: number;
  insertMs: number;
  sentPerSecond: number;
  barePerSecond: number;
}

async function sideBySide(work: (index: number) => Promise<unknown>, atOnce: number, count: number): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, count) }, async () => {
      while (next < count) await work(next++);
    }),
  );
  return performance.now() - startedAt;
}

async function tenantWith(endpoints: number): Promise<{ owner: Member; endpointIds: string[] }> {
  const { owner } = await foundOrganization(`${newId("user")}@bench.example`, "Bench");
  const endpointIds: string[] = [];
  for (let index = 0; index < endpoints; index += 1) endpointIds.push((await createEndpoint(owner, { name: `Receiver ${index}`, url, pauseAfterHours: 120 })).endpointId);
  const filter = { projects: [], issueTypes: [], statuses: [], assignees: [], labels: [], text: "" };
  await inTenant(owner, (tx) =>
    tx.insert(subscriptions).values(
      endpointIds.map((endpointId) => ({ organizationId: owner.organizationId, name: "Bench", events: ["meeting.scheduled"], filter, target: "endpoint" as const, endpointId, ownerId: owner.id })),
    ),
  );
  return { owner, endpointIds };
}

function happen(owner: Member, index: number) {
  const organizer = { attendeeId: "att_1", memberId: owner.id, email: owner.email, name: owner.name };
  const at = "2031-03-03T01:00:00.000Z";
  const meeting = { id: `mtg_${index}`, title: "Design review", startsAt: at, endsAt: at, timeZone: "Asia/Seoul", location: "Room Namdaemun", joinUrl: null, sequence: 0, organizer };
  return inTenant(owner, (tx) => append(tx, owner, meetingScheduled, { actor: { memberId: owner.id, name: owner.name }, meeting, attendees: [] }));
}

async function measure(endpoints: number): Promise<Measured> {
  const { owner, endpointIds } = await tenantWith(endpoints);
  const events = deliveriesEach / endpoints;
  let enqueueMs = 0;
  for (let index = -1; index < events; index += 1) {
    const eventId = await happen(owner, index);
    const startedAt = performance.now();
    await dispatchProductEvent(owner, { eventId, occurredAt: new Date().toISOString() });
    // The first only warms up.
    if (index >= 0) enqueueMs += (performance.now() - startedAt) / events;
  }
  const [row] = await sql.begin(async (tx) => {
    await tx`select set_config('app.scope', 'system', true)`;
    return tx<{ body: string }[]>`select body from outgoing_deliveries where endpoint_id = ${endpointIds[0] ?? ""} limit 1`;
  });
  const body = row?.body ?? "";
  const insert = () => sql`insert into bench.bookings (body) select ${body}::jsonb from generate_series(1, ${endpoints}::integer)`;
  await insert();
  const insertMs = (await sideBySide(insert, 1, events)) / events;

  const agent = new Agent({ connections: requestsAtOnce });
  const bare = async () => {
    const answer = await request(url, { dispatcher: agent, method: "POST", headers: { "content-type": "application/json" }, body });
    await answer.body.dump();
  };
  await sideBySide(bare, requestsAtOnce, 200);
  const bareMs = await sideBySide(bare, requestsAtOnce, deliveriesEach);
  await agent.close();

  const startedAt = performance.now();
  const { attempts } = await sendDue(endpointIds.map((endpointId) => ({ organizationId: owner.organizationId, endpointId })), { takesForMs: 600_000 });
  const sentMs = performance.now() - startedAt;
  const delivered = deliveriesEach + endpoints;
  if (attempts.delivered !== delivered) throw new Error(`${JSON.stringify(attempts)} instead of ${delivered} delivered`);
  await discardUnsent(sql);
  await sql.begin(async (tx) => {
    await tx`select set_config('app.scope', 'system', true)`;
    await tx`delete from endpoints where organization_id = ${owner.organizationId}`;
  });
  return { enqueueMs, insertMs, sentPerSecond: (delivered / sentMs) * 1000, barePerSecond: (deliveriesEach / bareMs) * 1000 };
}

const measured = await withEngineHeld(instance, async () => {
  const all: Measured[] = [];
  for (const size of sizes) all.push(await measure(size));
  return all;
});
printTable(
  "One event of the product, matched with subscriptions and put on its way, beside one INSERT of as many bodies; each committed, one event after another",
  ["endpoints", "match + enqueue", "INSERT", "ratio"],
  sizes.map((size, index) => {
    const { enqueueMs = NaN, insertMs = NaN } = measured[index] ?? {};
    return [whole(size), ms(enqueueMs), ms(insertMs), times(enqueueMs, insertMs)];
  }),
);
printTable(
  "Delivered: claimed, signed, sent, recorded with its attempt, beside bare requests to the same receiver, 50 at once",
  ["endpoints", "deliveries", "Moim", "bare requests", "reached"],
  sizes.map((size, index) => {
    const { sentPerSecond = NaN, barePerSecond = NaN } = measured[index] ?? {};
    return [whole(size), whole(deliveriesEach + size), perSecond(sentPerSecond), perSecond(barePerSecond), share(sentPerSecond, barePerSecond)];
  }),
  ["At one endpoint 10 requests are under way at most; each delivery is two committed transactions."],
);
await sql.end();
await closeDatabase();
receiver.disconnect();
