import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/log";
import type { EventEnvelope } from "@/lib/platform/outbox/outbox";
import { addressKey, leftCategories, stoppedAddresses } from "../addresses/queries";
import { catalog, type Recipient, type Told } from "../catalog";
import { passesMute } from "../leaving/rules";
import { standingsFor } from "../preferences/standings/queries";
import { storable, type SkipReason } from "../rules";
import { withdrawnAmong } from "../withdrawals/queries";
import { guestsOf, nextMembers, threadMutedBy } from "./queries";
import { liveEachMax, plan, type DeliveryBatch, type Plan } from "./rules";
import { oneThreadAtATime } from "./turns/commands";
import { noteEverybodyTold, overtake, waitingFor, writeBroadcast, writeDeliveries, writeNotification, writeReceivers } from "./writing/commands";

/** Members a transaction takes on: enough that its fixed cost does not count, few enough that a crash repeats little. */
const membersAtOnce = 10_000;

/** How far one event has come. Kept between the steps of a durable function, so that a crash goes on where it was. */
export interface Position {
  /** Which of the event's notifications. */
  row: number;
  /** The last member of a set who was told; empty before the first. */
  after: string;
  /** Members of the set so far who hear of it live. */
  listening: number;
  /** Whether they hear of it one by one, or together once all rows are there. */
  liveEach: boolean;
}

export const theStart: Position = { row: 0, after: "", listening: 0, liveEach: true };

/**
 * Turns one event into notifications, inbox rows and deliveries. Running it again changes nothing and returns what still waits, so
 * that a crash in between costs no time.
 * @throws ZodError when the payload breaks the contract of its event.
 */
export async function fanOut(tenant: Tenant, event: string, envelope: EventEnvelope<unknown>, chunkSize = membersAtOnce): Promise<DeliveryBatch[]> {
  const batches: DeliveryBatch[] = [];
  for (let position: Position | null = theStart; position; ) {
    const part = await fanOutPart(tenant, event, envelope, position, chunkSize);
    batches.push(...part.batches);
    position = part.next;
  }
  return batches;
}

/** Whether telling everybody takes more than one transaction, and so should be done in steps. */
export async function takesSteps(tenant: Tenant, event: string, envelope: EventEnvelope<unknown>, chunkSize = membersAtOnce): Promise<boolean> {
  const specs = read(event, envelope).flatMap(({ audience }) => (Array.isArray(audience) ? [] : [audience]));
  if (specs.length === 0) return false;
  return inTenant(tenant, async (tx) => {
    for (const spec of specs) if ((await nextMembers(tx, tenant, spec, "", chunkSize + 1)).length > chunkSize) return true;
    return false;
  });
}

/** One transaction's worth of it: all of a small event, or the next chunk of a large set. `next` is null when everybody was told. */
export async function fanOutPart(
  tenant: Tenant,
  event: string,
  envelope: EventEnvelope<unknown>,
  from: Position,
  chunkSize = membersAtOnce,
): Promise<{ batches: DeliveryBatch[]; next: Position | null }> {
  const tolds = read(event, envelope);
  const guestSkip = await guestRules(tenant, tolds);
  return inTenant(tenant, async (tx) => {
    await oneThreadAtATime(tx, tolds.map(({ thread }) => thread));
    const gone = await withdrawnAmong(tx, tenant, tolds.flatMap(({ thread, subjectId }) => [thread, subjectId]));
    const batches: DeliveryBatch[] = [];
    let position = from;
    for (const told of tolds.slice(from.row)) {
      if (!gone.has(told.thread) && !gone.has(told.subjectId)) {
        const part = await tell(tx, tenant, { envelope, told, position, guestSkip, chunkSize });
        batches.push(...part.batches);
        if (part.next) return { batches, next: part.next };
      }
      position = { ...theStart, row: position.row + 1 };
    }
    await noteEverybodyTold(tx, tolds.flatMap(({ id }) => id ?? []));
    return { batches, next: null };
  });
}

function read(event: string, envelope: EventEnvelope<unknown>): Told[] {
  const payload = storable(envelope.payload);
  return catalog.filter((row) => row.event === event).map((row) => row.read(payload));
}

type GuestSkip = (told: Told, address: string) => SkipReason | null;

/** Asked before the transaction begins: stops are read across tenants, and a second connection inside of it could wait for ever. */
async function guestRules(tenant: Tenant, tolds: Told[]): Promise<GuestSkip> {
  const addresses = tolds.flatMap(({ audience }) => (Array.isArray(audience) ? audience.flatMap(({ memberId, email }) => (memberId === null && email ? [email] : [])) : (audience.emails ?? [])));
  if (addresses.length === 0) return () => null;
  const stopped = await stoppedAddresses(addresses);
  const left = await leftCategories(tenant, addresses);
  return (told, address) => stopped.get(addressKey(address)) ?? (left.get(addressKey(address))?.has(told.category) ? "off" : null);
}

interface Part {
  envelope: EventEnvelope<unknown>;
  told: Told;
  position: Position;
  guestSkip: GuestSkip;
  chunkSize: number;
}

async function tell(tx: Tx, tenant: Tenant, { envelope, told, position, guestSkip, chunkSize }: Part): Promise<{ batches: DeliveryBatch[]; next: Position | null }> {
  const { people, more } = await peopleOf(tx, tenant, told, position.after, chunkSize);
  const liveEach = position.liveEach && (Array.isArray(told.audience) || people.length <= liveEachMax);
  const planned = await planFor(tx, tenant, told, people, guestSkip, liveEach);
  const listening = position.listening + (liveEach ? 0 : planned.receivers.filter(({ verdict }) => verdict.decisions.inbox.verdict === "now").length);
  const next = more ? { ...position, after: more, listening, liveEach } : null;
  const broadcast = next || listening === 0 ? null : `organization:${tenant.organizationId}`;
  if (planned.receivers.length + planned.deliveries.length === 0 && !broadcast) return { batches: [], next };
  return { batches: await write(tx, tenant, envelope, told, planned, broadcast), next };
}

/** Who is named, or the next chunk of a set; `more` is the last member of a chunk that others may follow. */
async function peopleOf(tx: Tx, tenant: Tenant, { audience }: Told, after: string, chunkSize: number): Promise<{ people: Recipient[]; more: string | null }> {
  if (Array.isArray(audience)) return { people: audience, more: null };
  const ids = await nextMembers(tx, tenant, audience, after, chunkSize);
  const guests = after === "" ? await guestsOf(tx, tenant, audience) : [];
  const people = [
    ...ids.map((memberId): Recipient => ({ memberId, participantId: null, email: null, name: null })),
    ...guests.map((email): Recipient => ({ memberId: null, participantId: null, email, name: null })),
  ];
  return { people, more: ids.length === chunkSize ? (ids.at(-1) ?? null) : null };
}

async function planFor(tx: Tx, tenant: Tenant, told: Told, people: Recipient[], guestSkip: GuestSkip, liveEach: boolean): Promise<Plan> {
  const memberIds = people.flatMap(({ memberId }) => (memberId && memberId !== told.actorId ? [memberId] : []));
  const guests = people.flatMap(({ memberId, email }) => (memberId === null && email ? [email] : []));
  const standingOf = await standingsFor(tx, tenant, told, memberIds);
  const muted = await threadMutedBy(tx, tenant, told.thread, guests.map(addressKey));
  return plan(told, people, {
    now: clock.now(),
    standingOf,
    guestSkip: (address) => guestSkip(told, address) ?? (muted.has(addressKey(address)) && !passesMute(told.type) ? "thread-muted" : null),
    liveEach,
  });
}

async function write(tx: Tx, tenant: Tenant, envelope: EventEnvelope<unknown>, told: Told, planned: Plan, broadcast: string | null): Promise<DeliveryBatch[]> {
  const notificationId = await writeNotification(tx, tenant, envelope, told);
  const members = await writeReceivers(tx, tenant, { notificationId, told, occurredAt: envelope.occurredAt }, planned.receivers);
  const written = await writeDeliveries(tx, tenant, { notificationId, told }, planned.deliveries);
  const overtaken = written.mergeable ? await overtake(tx, told, written.ids) : 0;
  if (broadcast) await writeBroadcast(tx, tenant, notificationId, broadcast);
  log.info("fanned out", { type: told.type, notificationId, members, deliveries: written.ids.length, overtaken });
  // What an earlier, interrupted run wrote may wait still, and what overtook something may be due earlier than it was planned.
  const asPlanned = members === planned.receivers.length && written.ids.length > 0 && overtaken === 0 && !broadcast;
  return asPlanned ? written.batches : waitingFor(tx, notificationId, planned.deliveries, broadcast);
}
