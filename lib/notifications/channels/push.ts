import { createHash } from "node:crypto";
import { clock } from "@/lib/platform/clock";
import type { Tenant } from "@/lib/platform/db/client";
import { isGone, sendPush } from "@/lib/platform/push";
import type { Push, PushNotice, PushTarget } from "@/lib/platform/push-message";
import type { ProviderAnswer } from "@/lib/platform/provider";
import type { ClaimedDelivery } from "../deliveries/commands";
import type { RecipientProfile } from "../deliveries/queries";
import { endGoneDevices } from "../devices/commands";
import { devicesById, noticeFacts, type PushableDevice } from "../devices/queries";
import { handlingOf, pageOf, providerOfTarget, pushProviders, standsIn } from "../devices/rules";
import { bundleItems, toldOf, type BundleItem } from "../digests/queries";
import { inboxCounts, type InboxCount } from "../inbox/queries";
import type { RenderedMessage } from "../tables";
import type { Matter } from "../templates/matter";
import { pushWords } from "../templates/push";
import { readerOf } from "../templates/reader";
import type { Channel, Prepared, Ready, Subjects } from "./channel";

/** What one device is sent. It is made anew at every run and never stored: only the newest state counts, and its badge most of all. */
interface DeviceMessage {
  tenant: Tenant;
  deviceId: string;
  target: PushTarget;
  push: Push;
}

/**
 * Notifications on the screens of browsers and phones, one message a device. Push services know no idempotency keys: a push whose
 * answer was lost is sent again, and replaces the first by its topic and tag instead of standing beside it.
 */
export const push: Channel = {
  name: "push",
  providers: pushProviders,
  providerOf: (ready) => providerOfTarget(messageOf(ready).target),
  messagesPerCall: 1,
  callsAtOnce: 16,
  perishable: true,
  keepsMessage: false,
  giveUpAfterMs: 60 * 60 * 1000,

  async prepare(tenant, deliveries, { subjects, profiles }) {
    const devices = await devicesById(tenant, deliveries.flatMap(({ deviceId }) => deviceId ?? []));
    const { open, skipped } = await stillDue(tenant, deliveries, devices, subjects);
    if (open.length === 0) return skipped;
    const members = [...new Set(open.map(({ device }) => device.memberId))];
    const [facts, counts, bundles] = await Promise.all([
      noticeFacts(tenant, [...new Set(open.map(({ delivery }) => delivery.notificationId))], members),
      inboxCounts(tenant, members),
      itemsThatHold(tenant, open.filter(({ delivery }) => isBundle(delivery)).map(({ delivery }) => delivery.id), subjects),
    ]);
    const prepared = open.map(async ({ delivery, device }): Promise<Prepared> => {
      const row = facts.rows.get(`${delivery.notificationId} ${device.memberId}`);
      if (row?.seen) return { delivery, skip: "read" };
      const covered = bundles.get(delivery.id) ?? [];
      const here = covered.filter(({ workspaceId }) => standsIn(device, workspaceId));
      if (covered.length > 0 && here.length === 0) return { delivery, skip: "elsewhere" };
      const told = isBundle(delivery) ? gathered(delivery, here) : { matter: delivery, lead: { ...delivery, receiverId: row?.id ?? null } };
      if (!told) return { delivery, skip: "read" };
      const profile = profiles.get(device.memberId);
      if (!profile) return { delivery, skip: "member-removed" };
      const place = { organizationSlug: facts.organizationSlug, discreet: facts.discreet.has(device.memberId), count: counts.get(device.memberId) };
      const message: DeviceMessage = { tenant, deviceId: device.id, target: device.target, push: await pushOf(told, delivery, profile, place) };
      return { delivery, message: { ...message } };
    });
    return [...skipped, ...(await Promise.all(prepared))];
  },

  async send(batch) {
    return Promise.all(batch.map((ready) => inTurn(messageOf(ready).deviceId, () => sendOne(messageOf(ready)))));
  },
};

const messageOf = ({ message }: Ready) => message as RenderedMessage & DeviceMessage;
const isBundle = ({ type }: ClaimedDelivery) => type.startsWith("bundle.");

interface Due {
  delivery: ClaimedDelivery;
  device: PushableDevice;
}

/** Leaves out what the device is not, or no longer, for, and what its subject says is over. */
async function stillDue(tenant: Tenant, deliveries: ClaimedDelivery[], devices: Map<string, PushableDevice>, subjects: Subjects): Promise<{ open: Due[]; skipped: Prepared[] }> {
  const over = new Map<string, string>();
  for (const type of new Set(deliveries.map((delivery) => delivery.type))) {
    for (const [id, reason] of await subjects.applies(tenant, type, deliveries.filter((delivery) => delivery.type === type))) over.set(id, reason);
  }
  const open: Due[] = [];
  const skipped: Prepared[] = [];
  for (const delivery of deliveries) {
    const device = devices.get(delivery.deviceId ?? "");
    const reason = standingReason(delivery, device) ?? over.get(delivery.id);
    if (reason || !device) skipped.push({ delivery, skip: reason ?? "elsewhere" });
    else open.push({ delivery, device });
  }
  return { open, skipped };
}

/** A device keeps its row for good, so one that is not found stands in another organization. */
function standingReason({ memberId, workspaceId }: ClaimedDelivery, device: PushableDevice | undefined): string | null {
  if (!device) return "elsewhere";
  if (device.ended || device.memberId !== memberId) return "device-gone";
  return standsIn(device, workspaceId) ? null : "elsewhere";
}

/** What bundles cover, without what its subject says is over. */
async function itemsThatHold(tenant: Tenant, bundleIds: string[], subjects: Subjects): Promise<Map<string, BundleItem[]>> {
  const bundles = await bundleItems(tenant, bundleIds);
  const items = [...bundles.values()].flat();
  const over = new Set<string>();
  for (const type of new Set(items.map((item) => item.type))) {
    const told = items.filter((item) => item.type === type).map(toldOf);
    for (const id of (await subjects.applies(tenant, type, told)).keys()) over.add(id);
  }
  return new Map([...bundles].map(([id, mine]) => [id, mine.filter(({ deliveryId }) => !over.has(deliveryId))]));
}

interface ToldPush {
  matter: Matter;
  /** What a tap opens and marks read. */
  lead: { type: ClaimedDelivery["type"]; subjectId: string; thread: string; receiverId: string | null };
}

/** What is left of what was held: everything in one push, or the one thing as itself. Null when all of it was seen meanwhile. */
function gathered(delivery: ClaimedDelivery, items: BundleItem[]): ToldPush | null {
  const now = clock.now();
  const left = items.filter(({ readAt, expiresAt }) => !readAt && (!expiresAt || expiresAt > now));
  const [only] = left;
  if (!only) return null;
  const matters = left.map(({ type, facts, occurredAt }): Matter => ({ type, payload: facts, occurredAt }));
  if (left.length === 1) return { matter: { type: only.type, payload: only.facts, occurredAt: only.occurredAt }, lead: only };
  return { matter: { ...delivery, gathered: matters.reverse() }, lead: { ...delivery, receiverId: null } };
}

async function pushOf(
  { matter, lead }: ToldPush,
  delivery: ClaimedDelivery,
  profile: RecipientProfile,
  { organizationSlug, discreet, count }: { organizationSlug: string; discreet: boolean; count: InboxCount | undefined },
): Promise<Push> {
  const words = pushWords(matter, await readerOf({ ...profile, timeZone: profile.timeZone ?? "UTC" }));
  const topic = topicOf(lead.thread);
  const notice: PushNotice = {
    ...(discreet ? { title: words.discreet } : { title: words.title, body: words.body }),
    url: pageOf(lead.type, { subjectId: lead.subjectId, payload: matter.payload }, organizationSlug),
    tag: topic,
    receiverId: lead.receiverId,
    organization: organizationSlug,
    at: delivery.occurredAt.getTime(),
    badge: { unread: count?.unread ?? 0, version: count?.version ?? 0 },
  };
  return { notice, topic, ...handlingOf(delivery.category, delivery.expiresAt, clock.now()) };
}

/** The same for everything in one thread, and nothing that a push service could read from it: 32 characters of base64url. */
export const topicOf = (thread: string) => createHash("sha256").update(thread).digest("base64url").slice(0, 32);

async function sendOne({ tenant, deviceId, target, push: what }: DeviceMessage): Promise<ProviderAnswer> {
  const answer = await sendPush(target, what);
  if (isGone(answer)) await endGoneDevices(tenant, [deviceId]);
  return answer;
}

const turns = new Map<string, Promise<unknown>>();

/** One device gets its messages one after the other, so that the newest is shown last; devices do not wait for each other. */
function inTurn<T>(deviceId: string, work: () => Promise<T>): Promise<T> {
  const mine = (turns.get(deviceId) ?? Promise.resolve()).then(work, work);
  turns.set(deviceId, mine);
  const leave = () => {
    if (turns.get(deviceId) === mine) turns.delete(deviceId);
  };
  mine.then(leave, leave);
  return mine;
}
