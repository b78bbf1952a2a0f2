import { and, asc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { isId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { members, workspaceMembers, workspaces } from "@/lib/organizations/tables";
import { connectionsOf } from "../../connections/queries";
import { pluginConnections } from "../../connections/tables";
import { inboundWebhooks, webhookMatches } from "../../ingest/tables";
import { endpoints } from "../../outgoing/tables";
import { personOf, type Person } from "../../people/queries";
import { mayManageIntegrations } from "../../policy";
import { mayChangeSubscription } from "../policy";
import { eventsOf, type Subscription } from "../queries";
import { subscriptions, webhookTellings } from "../tables";

/** A subscription with the names of what it names, and what its reader may do. */
export interface SubscriptionView extends Subscription {
  connectionName: string | null;
  /** Disconnected: it waits for nothing. */
  connectionGone: boolean;
  workspaceName: string | null;
  endpointName: string | null;
  ownerName: string;
  memberNames: string[];
  /** Of what its reader may know: for managers everything that matched, for anybody else what they were told. */
  lastMatchedAt: Date | null;
  mayChange: boolean;
}

/** Own ones and those that tell this member; for managers all. By name. */
export async function subscriptionsOf(member: Member): Promise<SubscriptionView[]> {
  return inTenant(member, (tx) => views(tx, member));
}

/** @throws Refused NOT_FOUND when there is none, or none that they may know of. */
export async function subscriptionDetails(member: Member, id: string): Promise<SubscriptionView> {
  const [found] = isId("subscription", id) ? await inTenant(member, (tx) => views(tx, member, id)) : [];
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}

/** Own and shared ones together are bounded for one member; a manager's page of everybody's has an end too. */
const shownMax = 1_000;

async function views(tx: Tx, member: Member, id?: string): Promise<SubscriptionView[]> {
  const manages = mayManageIntegrations(member);
  const toldMe = or(
    // What somebody arranged for others and for programs is a manager's; who is none any more no longer sees it.
    and(eq(subscriptions.ownerId, member.id), eq(subscriptions.target, "me")),
    and(eq(subscriptions.target, "people"), sql`${member.id} = any(${subscriptions.memberIds})`),
    and(
      eq(subscriptions.target, "workspace"),
      sql`exists (select 1 from ${workspaceMembers} where ${workspaceMembers.workspaceId} = ${subscriptions.workspaceId} and ${workspaceMembers.memberId} = ${member.id})`,
    ),
  );
  // That something matched tells of an issue, which its reader may not be allowed to see.
  const known = manages
    ? sql`true`
    : sql`exists (select 1 from ${webhookTellings} where ${webhookTellings.webhookId} = ${webhookMatches.webhookId} and ${webhookTellings.memberId} = ${member.id})`;
  const rows = await tx
    .select({
      subscription: subscriptions,
      connectionName: pluginConnections.name,
      disconnectedAt: pluginConnections.disconnectedAt,
      workspaceName: workspaces.name,
      endpointName: endpoints.name,
      owner: { name: users.name, email: users.email },
      lastMatchedAt: sql<string | null>`(select ${inboundWebhooks.receivedAt} from ${webhookMatches} join ${inboundWebhooks} on ${inboundWebhooks.id} = ${webhookMatches.webhookId}
        where ${webhookMatches.subscriptionId} = ${subscriptions.id} and ${known} order by ${webhookMatches.webhookId} desc limit 1)`,
    })
    .from(subscriptions)
    .innerJoin(members, eq(members.id, subscriptions.ownerId))
    .innerJoin(users, eq(users.id, members.userId))
    .leftJoin(pluginConnections, eq(pluginConnections.id, subscriptions.connectionId))
    .leftJoin(workspaces, eq(workspaces.id, subscriptions.workspaceId))
    .leftJoin(endpoints, eq(endpoints.id, subscriptions.endpointId))
    .where(and(eq(subscriptions.organizationId, member.organizationId), id === undefined ? undefined : eq(subscriptions.id, id), manages ? undefined : toldMe))
    .orderBy(sql`lower(${subscriptions.name})`, asc(subscriptions.id))
    .limit(shownMax);
  const names = await namesOf(tx, member, rows.flatMap(({ subscription }) => subscription.memberIds));
  return rows.map(({ subscription, owner, disconnectedAt, lastMatchedAt, ...named }) => ({
    ...subscription,
    ...named,
    connectionGone: disconnectedAt !== null,
    ownerName: displayName(owner),
    memberNames: subscription.memberIds.flatMap((memberId) => names.get(memberId) ?? []),
    lastMatchedAt: lastMatchedAt === null ? null : new Date(lastMatchedAt),
    mayChange: mayChangeSubscription(member, subscription),
  }));
}

async function namesOf(tx: Tx, tenant: Tenant, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: members.id, name: users.name, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, tenant.organizationId), inArray(members.id, [...new Set(ids)])));
  return new Map(rows.map(({ id, ...person }) => [id, displayName(person)]));
}

/** What the form for a subscription offers this member. */
export interface SubscriptionChoices {
  manages: boolean;
  /** Of Moim itself first when it is offered: `id` null. */
  sources: { id: string | null; name: string; plugin: string | null; events: readonly string[] }[];
  endpoints: { id: string; name: string }[];
  /** Their own Jira account. */
  person: Person | null;
}

export async function subscriptionChoices(member: Member): Promise<SubscriptionChoices> {
  const manages = mayManageIntegrations(member);
  const connections = await connectionsOf(member);
  return {
    manages,
    sources: [
      ...connections.map(({ id, name, plugin }) => ({ id, name, plugin, events: eventsOf(plugin) })),
      ...(manages ? [{ id: null, name: "Moim", plugin: null, events: eventsOf(null) }] : []),
    ],
    endpoints: manages
      ? await inTenant(member, (tx) =>
          tx
            .select({ id: endpoints.id, name: endpoints.name })
            .from(endpoints)
            .where(and(eq(endpoints.organizationId, member.organizationId), isNull(endpoints.deletedAt)))
            .orderBy(asc(endpoints.name), asc(endpoints.id)),
        )
      : [],
    person: await personOf(member, member.id),
  };
}


/** Whom a manager can have told; null for everybody else. */
export async function targetChoices(member: Member, programs: SubscriptionChoices["endpoints"]) {
  if (!mayManageIntegrations(member)) return null;
  return inTenant(member, async (tx) => {
    const people = await tx
      .select({ id: members.id, name: users.name, email: users.email })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.organizationId, member.organizationId), isNull(members.removedAt)))
      .orderBy(sql`lower(coalesce(nullif(${users.name}, ''), ${users.email}))`, asc(members.id))
      .limit(shownMax);
    const places = await tx.select({ value: workspaces.id, label: workspaces.name }).from(workspaces).where(eq(workspaces.organizationId, member.organizationId)).orderBy(asc(workspaces.name));
    return {
      people: people.map(({ id, ...person }) => ({ value: id, label: displayName(person), detail: person.email })),
      workspaces: places,
      endpoints: programs.map(({ id, name }) => ({ value: id, label: name })),
    };
  });
}

export const subscriptionUrl = (id: string) => `${env().APP_URL}/api/subscriptions/${id}`;
