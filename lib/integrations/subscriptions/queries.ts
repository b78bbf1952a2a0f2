import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Tenant, Tx } from "@/lib/platform/db/client";
import { pluginConnections } from "../connections/tables";
import { pluginPeople } from "../people/tables";
import { pluginOf } from "../registry";
import { productEvents } from "./inputs";
import { subscriptions } from "./tables";

export type Subscription = typeof subscriptions.$inferSelect;

/** What a connection's events are compared with: everything active, whoever it is for. */
export async function wishesFor(tx: Tx, tenant: Tenant, connectionId: string) {
  return tx
    .select({ id: subscriptions.id, events: subscriptions.events, filter: subscriptions.filter, endpointId: subscriptions.endpointId, ownerAccountId: pluginPeople.accountId })
    .from(subscriptions)
    .innerJoin(pluginConnections, eq(pluginConnections.id, subscriptions.connectionId))
    .leftJoin(pluginPeople, ownAccountOf())
    .where(and(eq(subscriptions.organizationId, tenant.organizationId), eq(subscriptions.connectionId, connectionId), isNull(subscriptions.pausedAt)))
    .orderBy(asc(subscriptions.id));
}

/** The owner's account at the connection's kind of place: what `me` stands for in a filter. */
export const ownAccountOf = () =>
  and(eq(pluginPeople.organizationId, subscriptions.organizationId), eq(pluginPeople.memberId, subscriptions.ownerId), eq(pluginPeople.plugin, pluginConnections.plugin));

/** What a program hears of the place an event comes from. */
export async function programData(tx: Tx, tenant: Tenant, connectionId: string): Promise<Record<string, unknown>> {
  const [place] = await tx
    .select({ id: pluginConnections.id, plugin: pluginConnections.plugin, name: pluginConnections.name, url: sql<string | null>`${pluginConnections.metadata}->>'siteUrl'` })
    .from(pluginConnections)
    .where(and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, connectionId)));
  return place ?? {};
}

/** The names of what a plugin, or the product itself, can report. */
export const eventsOf = (plugin: string | null): readonly string[] => (plugin === null ? productEvents : (pluginOf(plugin)?.events ?? []));
