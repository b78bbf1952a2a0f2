import { cookies } from "next/headers";
import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { asUser, inTenant, type Tenant } from "@/lib/platform/db/client";
import { isId } from "@/lib/platform/ids";
import type { PushTarget } from "@/lib/platform/push-message";
import type { Member } from "@/lib/organizations/actor";
import { organizations } from "@/lib/organizations/tables";
import { seenAt } from "../digests/queries";
import { schedules } from "../preferences/tables";
import { devices } from "./tables";

export interface DeviceSummary {
  id: string;
  kind: "webpush" | "fcm";
  name: string;
  /** The organization it stands in, the one last open on it. */
  organizationId: string;
  organizationName: string;
  /** The workspace that is active on it; null for the whole organization. */
  workspaceId: string | null;
  createdAt: Date;
  lastSeenAt: Date;
}

/** The person's active devices, wherever they stand; the one used last first. */
export async function myDevices(member: Member): Promise<DeviceSummary[]> {
  return asUser(member.userId, (tx) =>
    tx
      .select({
        id: devices.id,
        kind: devices.kind,
        name: devices.name,
        organizationId: devices.organizationId,
        organizationName: organizations.name,
        workspaceId: devices.workspaceId,
        createdAt: devices.createdAt,
        lastSeenAt: devices.lastSeenAt,
      })
      .from(devices)
      .innerJoin(organizations, eq(organizations.id, devices.organizationId))
      .where(and(eq(devices.userId, member.userId), isNull(devices.endedAt)))
      .orderBy(desc(devices.lastSeenAt), desc(devices.id)),
  );
}

/** Those of them that stand in the member's organization. */
export async function devicesHere(member: Member): Promise<DeviceSummary[]> {
  return (await myDevices(member)).filter(({ organizationId }) => organizationId === member.organizationId);
}

export const deviceCookie = "moim_device";

/** The device that the asking browser is; null when it was never registered. Whether it is still active, `myDevices` says. */
export async function thisDeviceId(): Promise<string | null> {
  const id = (await cookies()).get(deviceCookie)?.value;
  return isId("device", id) ? id : null;
}

export interface PushableDevice {
  id: string;
  memberId: string;
  workspaceId: string | null;
  ended: boolean;
  target: PushTarget;
}

/** Devices by id as they stand now. One that has moved to another organization is not found. */
export async function devicesById(tenant: Tenant, ids: string[]): Promise<Map<string, PushableDevice>> {
  if (ids.length === 0) return new Map();
  const rows = await inTenant(tenant, (tx) =>
    tx
      .select()
      .from(devices)
      .where(and(eq(devices.organizationId, tenant.organizationId), inArray(devices.id, ids))),
  );
  return new Map(rows.map((row) => [row.id, { id: row.id, memberId: row.memberId, workspaceId: row.workspaceId, ended: row.endedAt !== null, target: targetOf(row) }]));
}

function targetOf({ kind, endpoint, p256dh, auth }: typeof devices.$inferSelect): PushTarget {
  return kind === "fcm" ? { kind, token: endpoint } : { kind, endpoint, p256dh: p256dh ?? "", auth: auth ?? "" };
}

export interface NoticeFacts {
  organizationSlug: string;
  /** Inbox rows by `<notification> <member>`, with when they were seen. */
  rows: Map<string, { id: string; seen: boolean }>;
  /** Members who keep words off the lock screen. */
  discreet: Set<string>;
}

/** What a push needs to know besides its words. */
export async function noticeFacts(tenant: Tenant, notificationIds: string[], memberIds: string[]): Promise<NoticeFacts> {
  return inTenant(tenant, async (tx) => {
    const [organization] = await tx.select({ slug: organizations.slug }).from(organizations).where(eq(organizations.id, tenant.organizationId));
    const rows = await tx.execute<{ id: string; notification_id: string; member_id: string; seen: boolean }>(sql`
      select receivers.id, receivers.notification_id, receivers.member_id, ${seenAt(sql`receivers`)} is not null as seen
      from receivers
      where receivers.notification_id = any(${sql.param(notificationIds)}::text[]) and receivers.member_id = any(${sql.param(memberIds)}::text[])`);
    const quiet = await tx
      .select({ memberId: schedules.memberId })
      .from(schedules)
      .where(and(inArray(schedules.memberId, memberIds), eq(schedules.pushDetails, false)));
    return {
      organizationSlug: organization?.slug ?? "",
      rows: new Map(rows.map((row) => [`${row.notification_id} ${row.member_id}`, { id: row.id, seen: row.seen }])),
      discreet: new Set(quiet.map(({ memberId }) => memberId)),
    };
  });
}
