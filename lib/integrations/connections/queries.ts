import { and, asc, eq, isNull } from "drizzle-orm";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { isId } from "@/lib/platform/ids";
import { pluginConnections } from "./tables";

const columns = {
  id: pluginConnections.id,
  plugin: pluginConnections.plugin,
  externalId: pluginConnections.externalId,
  name: pluginConnections.name,
  metadata: pluginConnections.metadata,
  credentialId: pluginConnections.credentialId,
  hookKind: pluginConnections.hookKind,
  allowsUnsigned: pluginConnections.allowsUnsigned,
  verifiedAt: pluginConnections.verifiedAt,
  lastReceivedAt: pluginConnections.lastReceivedAt,
  seenUntil: pluginConnections.seenUntil,
  gapSince: pluginConnections.gapSince,
  reconciledAt: pluginConnections.reconciledAt,
  pausedAt: pluginConnections.pausedAt,
  connectedBy: pluginConnections.connectedBy,
  createdAt: pluginConnections.createdAt,
};

/** Which tag of the caches to clear when an organization connects a place, or leaves one. */
export const connectionsTag = (tenant: Tenant) => `connections:${tenant.organizationId}`;

export type Connection = Pick<typeof pluginConnections.$inferSelect, keyof typeof columns>;

/** The organization's connections, paused ones too, disconnected ones not, by name. What they are called is no secret among its members. */
export async function connectionsOf(tenant: Tenant): Promise<Connection[]> {
  return inTenant(tenant, (tx) =>
    tx
      .select(columns)
      .from(pluginConnections)
      .where(and(eq(pluginConnections.organizationId, tenant.organizationId), isNull(pluginConnections.disconnectedAt)))
      .orderBy(asc(pluginConnections.name), asc(pluginConnections.id)),
  );
}

/** One of them; null when there is none of that id, or it was disconnected. */
export async function connectionOf(tenant: Tenant, id: string): Promise<Connection | null> {
  return inTenant(tenant, (tx) => connectionIn(tx, tenant, id));
}

export async function connectionIn(tx: Tx, tenant: Tenant, id: string): Promise<Connection | null> {
  if (!isId("connection", id)) return null;
  const [found] = await tx
    .select(columns)
    .from(pluginConnections)
    .where(and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, id), isNull(pluginConnections.disconnectedAt)));
  return found ?? null;
}

/** Where webhooks of this connection are sent to. */
export const webhookUrlOf = ({ plugin, id }: Pick<Connection, "plugin" | "id">) => new URL(`/webhook/${plugin}/${id}`, env().APP_URL).href;
