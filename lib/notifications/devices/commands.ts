import { cookies } from "next/headers";
import { and, eq, inArray, isNull, ne, sql, type SQL } from "drizzle-orm";
import { browserName } from "@/lib/platform/browser-name";
import { clock } from "@/lib/platform/clock";
import { asSystem, asUser, inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused, refusedField } from "@/lib/platform/errors";
import { isId, newId } from "@/lib/platform/ids";
import { append } from "@/lib/platform/outbox/outbox";
import { offersPush } from "@/lib/platform/push";
import { limitRate } from "@/lib/platform/rate-limit";
import { outboundFault } from "@/lib/platform/safe-fetch";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { workspaceMembers } from "@/lib/organizations/tables";
import { deviceAdded } from "../events";
import type { ChangeDeviceInput, CurrentDeviceInput, RegisterDeviceInput } from "./inputs";
import { deviceCookie, myDevices, thisDeviceId, type DeviceSummary } from "./queries";
import { devicesMax, guessedName } from "./rules";
import { devices } from "./tables";

type EndReason = NonNullable<(typeof devices.$inferSelect)["endReason"]>;

/**
 * Lets a browser or phone show this member's notifications. The same address again renews what is known of it and brings it here; a
 * device that was somebody else's is theirs no more. Its owner hears of a new one, because it may not have been them.
 * @throws Refused INVALID for an address that nobody may call or a workspace that is not the member's, PUSH_NOT_OFFERED, TOO_MANY_DEVICES.
 */
export async function registerDevice(member: Member, input: RegisterDeviceInput, userAgent: string | null): Promise<{ device: DeviceSummary; created: boolean }> {
  if (!offersPush(input.kind)) throw new Refused("PUSH_NOT_OFFERED");
  const address = input.kind === "fcm" ? input.token : input.endpoint;
  if (input.kind === "webpush" && outboundFault(address)) throw refusedField("endpoint", "push-endpoint", describeFault("push-endpoint"));
  // Each new one is told to its owner by mail.
  await limitRate(`devices:${member.userId}`, 120, 3600);
  // Across organizations, because the address may be active in another one, or somebody else's.
  const { id, created } = await asSystem("devices", async (tx) => {
    await oneAtATime(tx, [`device:${address}`, `devices-of:${member.userId}`]);
    if (input.workspaceId) await refuseForeignWorkspace(tx, member, input.workspaceId);
    await end(tx, and(eq(devices.endpoint, address), ne(devices.userId, member.userId)), "replaced");
    const known = (await activeAt(tx, member, address)) ?? (input.kind === "webpush" && input.replaces ? await activeAt(tx, member, input.replaces) : null);
    const here = { organizationId: member.organizationId, memberId: member.id, lastSeenAt: clock.now() };
    const keys = input.kind === "webpush" ? input.keys : { p256dh: null, auth: null };
    if (known) {
      const moved = known.organizationId !== member.organizationId;
      const workspaceId = input.workspaceId !== undefined ? input.workspaceId : moved ? null : known.workspaceId;
      await tx
        .update(devices)
        .set({ ...here, kind: input.kind, endpoint: address, ...keys, workspaceId, ...(input.name && { name: input.name }) })
        .where(eq(devices.id, known.id));
      return { id: known.id, created: false };
    }
    await refuseTooMany(tx, member);
    const device = { id: newId("device"), kind: input.kind, name: input.name ?? guessedName(browserName(userAgent)) };
    await tx.insert(devices).values({ ...here, ...device, ...keys, userId: member.userId, endpoint: address, workspaceId: input.workspaceId ?? null, createdAt: clock.now() });
    // Nobody is told what they did themselves; this is told to whoever's account it is, whoever did it.
    await append(tx, member, deviceAdded, { actor: { memberId: null, name: member.name }, memberId: member.id, device });
    return { id: device.id, created: true };
  });
  return { device: await mine(member, id), created };
}

/**
 * The browser that is looked at follows the organization that is open on it.
 * @throws Refused NOT_FOUND when this address is no active device of theirs: the browser should register.
 */
export async function bringDeviceHere(member: Member, { endpoint }: CurrentDeviceInput): Promise<DeviceSummary> {
  const id = await asSystem("devices", async (tx) => {
    const known = await activeAt(tx, member, endpoint);
    if (!known) throw new Refused("NOT_FOUND");
    const moved = known.organizationId !== member.organizationId;
    await tx
      .update(devices)
      .set({ organizationId: member.organizationId, memberId: member.id, lastSeenAt: clock.now(), ...(moved && { workspaceId: null }) })
      .where(eq(devices.id, known.id));
    return known.id;
  });
  return mine(member, id);
}

/** @throws Refused NOT_FOUND unless it is an active device of theirs that stands here; INVALID for a workspace that is not theirs. */
export async function changeDevice(member: Member, deviceId: string, { name, workspaceId }: ChangeDeviceInput): Promise<DeviceSummary> {
  await inTenant(member, async (tx) => {
    if (workspaceId) await refuseForeignWorkspace(tx, member, workspaceId);
    const changed = await tx
      .update(devices)
      .set({ ...(name !== undefined && { name }), ...(workspaceId !== undefined && { workspaceId }) })
      .where(and(eq(devices.id, deviceId), eq(devices.memberId, member.id), isNull(devices.endedAt)))
      .returning({ id: devices.id });
    if (changed.length === 0) throw new Refused("NOT_FOUND");
  });
  return mine(member, deviceId);
}

/** Ends a device of theirs, wherever it stands. @throws Refused NOT_FOUND unless it is an active one of theirs. */
export async function revokeDevice(member: Member, deviceId: string): Promise<void> {
  const ended = await asUser(member.userId, (tx) => end(tx, and(eq(devices.id, deviceId), eq(devices.userId, member.userId)), "revoked"));
  if (ended === 0) throw new Refused("NOT_FOUND");
}

/** What the push service no longer knows. */
export async function endGoneDevices(tenant: Tenant, deviceIds: string[]): Promise<void> {
  if (deviceIds.length > 0) await inTenant(tenant, (tx) => end(tx, inArray(devices.id, deviceIds), "gone"));
}

/** Whoever was removed takes none of their devices back in with them, should they join again. */
export async function endDevicesOf(tenant: Tenant, memberId: string): Promise<number> {
  return inTenant(tenant, (tx) => end(tx, eq(devices.memberId, memberId), "revoked"));
}

/** The asking browser shows nothing any more once its person has signed out. */
export async function endThisBrowsersDevice(userId: string): Promise<void> {
  const deviceId = await thisDeviceId();
  if (!deviceId) return;
  await asUser(userId, (tx) => end(tx, and(eq(devices.id, deviceId), eq(devices.userId, userId)), "signed-out"));
  (await cookies()).delete(deviceCookie);
}

const yearSeconds = 365 * 24 * 60 * 60;

/** Signing out works without scripts, so the browser carries which device it is. */
export async function rememberDevice(deviceId: string): Promise<void> {
  const secure = env().APP_URL.startsWith("https://");
  (await cookies()).set(deviceCookie, deviceId, { httpOnly: true, sameSite: "lax", path: "/", secure, maxAge: yearSeconds });
}

async function mine(member: Member, id: string): Promise<DeviceSummary> {
  const found = (await myDevices(member)).find((device) => device.id === id);
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}

/** Taken in one order, so that two registrations never wait for each other. */
async function oneAtATime(tx: Tx, names: string[]): Promise<void> {
  for (const name of names) await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

async function activeAt(tx: Tx, member: Member, address: string): Promise<typeof devices.$inferSelect | null> {
  const [row] = await tx
    .select()
    .from(devices)
    .where(and(eq(devices.endpoint, address), eq(devices.userId, member.userId), isNull(devices.endedAt)))
    .for("update");
  return row ?? null;
}

async function end(tx: Tx, which: SQL | undefined, reason: EndReason): Promise<number> {
  const ended = await tx
    .update(devices)
    // What could still be pushed with is not kept.
    .set({ endedAt: clock.now(), endReason: reason, p256dh: null, auth: null })
    .where(and(which, isNull(devices.endedAt)))
    .returning({ id: devices.id });
  return ended.length;
}

async function refuseTooMany(tx: Tx, member: Member): Promise<void> {
  const active = await tx.$count(devices, and(eq(devices.userId, member.userId), isNull(devices.endedAt)));
  if (active >= devicesMax) throw new Refused("TOO_MANY_DEVICES");
}

async function refuseForeignWorkspace(tx: Tx, member: Member, workspaceId: string): Promise<void> {
  const known = isId("workspace", workspaceId)
    ? await tx
        .select({ id: workspaceMembers.workspaceId })
        .from(workspaceMembers)
        .where(and(eq(workspaceMembers.organizationId, member.organizationId), eq(workspaceMembers.workspaceId, workspaceId), eq(workspaceMembers.memberId, member.id)))
    : [];
  if (known.length === 0) throw refusedField("workspaceId", "not-an-option", describeFault("not-an-option"));
}
