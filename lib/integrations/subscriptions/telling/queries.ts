import { and, asc, eq, gt, inArray, isNotNull, isNull, ne, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant, type Tx } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import { pluginConnections } from "../../connections/tables";
import type { PluginFacts } from "../../events";
import { inboundWebhooks, webhookMatches } from "../../ingest/tables";
import { whoSees, type Place } from "../../people/sights/queries";
import { pluginPeople } from "../../people/tables";
import { subscriptions, webhookTellings } from "../tables";
import { authorsOf, concerned, mayHearUnplaced, meant, sightNeeded, type Reader, type Wish } from "./rules";

/** An event that people wait to hear of, with whom it could concern. */
export interface Untold {
  webhookId: string;
  position: number;
  facts: PluginFacts;
  /** Since when people wait for it. */
  since: Date;
  place: Place & { name: string };
  wishes: Wish[];
  /** Accounts over there of those who are meant or did it, by member. */
  accounts: ReadonlyMap<string, string>;
  managers: ReadonlySet<string>;
}

/** The member here who did it over there. */
export const actorMemberId = ({ facts, accounts }: Untold) => [...accounts].find(([, accountId]) => accountId === facts.actor?.id)?.[0] ?? null;

/** `complete`: nobody else has to be asked about it. */
export type Announced = Untold & { readers: Reader[]; complete: boolean };

/** What was dispatched and not told to everybody yet, in the connection's order, behind a position. */
export async function untold(tenant: Tenant, connectionId: string, limit: number, behind = 0): Promise<Untold[]> {
  return inTenant(tenant, async (tx) => {
    const [place] = await tx
      .select({ id: pluginConnections.id, plugin: pluginConnections.plugin, name: pluginConnections.name, metadata: pluginConnections.metadata })
      .from(pluginConnections)
      .where(and(eq(pluginConnections.organizationId, tenant.organizationId), eq(pluginConnections.id, connectionId)));
    if (!place) return [];
    const rows = await tx
      .select({ webhookId: inboundWebhooks.id, position: inboundWebhooks.position, facts: inboundWebhooks.facts, since: inboundWebhooks.dispatchedAt })
      .from(inboundWebhooks)
      .where(
        and(
          eq(inboundWebhooks.connectionId, connectionId),
          eq(inboundWebhooks.state, "read"),
          isNull(inboundWebhooks.toldAt),
          isNotNull(inboundWebhooks.dispatchedAt),
          isNotNull(inboundWebhooks.facts),
          gt(inboundWebhooks.position, behind),
        ),
      )
      .orderBy(asc(inboundWebhooks.position))
      .limit(limit);
    const wishes = await wishesOf(tx, tenant, rows.map(({ webhookId }) => webhookId));
    const authorIds = [...new Set(rows.flatMap(({ facts }) => (facts ? authorsOf(facts) : [])))];
    const { accounts, managers } = await knownOf(tx, tenant, place.plugin, [...new Set([...wishes.values()].flat().flatMap(({ memberIds }) => memberIds))], authorIds);
    return rows.flatMap(({ webhookId, position, facts, since }) =>
      position !== null && facts && since ? [{ webhookId, position, facts, since, place, wishes: wishes.get(webhookId) ?? [], accounts, managers }] : [],
    );
  });
}

/** By webhook, what it matched that is meant for people, as it stands now: who left is not told, who came is. */
async function wishesOf(tx: Tx, tenant: Tenant, webhookIds: string[]): Promise<Map<string, Wish[]>> {
  if (webhookIds.length === 0) return new Map();
  const matched = await tx
    .select({ webhookId: webhookMatches.webhookId, id: subscriptions.id })
    .from(webhookMatches)
    .innerJoin(subscriptions, eq(subscriptions.id, webhookMatches.subscriptionId))
    .where(and(inArray(webhookMatches.webhookId, webhookIds), isNull(subscriptions.pausedAt), ne(subscriptions.target, "endpoint")))
    .orderBy(asc(subscriptions.id));
  const wishes = new Map((await namedBy(tx, tenant, [...new Set(matched.map(({ id }) => id))])).map((wish) => [wish.id, wish]));
  const byWebhook = new Map<string, Wish[]>();
  for (const { webhookId, id } of matched) {
    const wish = wishes.get(id);
    if (wish) byWebhook.set(webhookId, [...(byWebhook.get(webhookId) ?? []), wish]);
  }
  return byWebhook;
}

async function namedBy(tx: Tx, tenant: Tenant, ids: string[]): Promise<Wish[]> {
  if (ids.length === 0) return [];
  const meantBy = sql`case ${subscriptions.target} when 'me' then ${subscriptions.ownerId} = ${members.id} when 'people' then ${members.id} = any(${subscriptions.memberIds})
    else exists (select 1 from ${workspaceMembers} where ${workspaceMembers.workspaceId} = ${subscriptions.workspaceId} and ${workspaceMembers.memberId} = ${members.id}) end`;
  const rows = await tx
    .select({ id: subscriptions.id, name: subscriptions.name, target: subscriptions.target, memberIds: sql<string[]>`array_agg(${members.id} order by ${members.id})` })
    .from(subscriptions)
    .innerJoin(members, and(eq(members.organizationId, subscriptions.organizationId), isNull(members.removedAt), meantBy))
    .where(and(eq(subscriptions.organizationId, tenant.organizationId), inArray(subscriptions.id, ids)))
    .groupBy(subscriptions.id);
  return rows.map((row) => ({ ...row, byManager: row.target !== "me" }));
}

async function knownOf(tx: Tx, tenant: Tenant, plugin: string, memberIds: string[], accountIds: string[]) {
  const people = await tx
    .select({ memberId: pluginPeople.memberId, accountId: pluginPeople.accountId })
    .from(pluginPeople)
    .where(
      and(
        eq(pluginPeople.organizationId, tenant.organizationId),
        eq(pluginPeople.plugin, plugin),
        sql`(${pluginPeople.memberId} = any(${textArray(memberIds)}) or ${pluginPeople.accountId} = any(${textArray(accountIds)}))`,
      ),
    );
  const managers = await tx
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.organizationId, tenant.organizationId), inArray(members.role, ["owner", "admin"]), isNull(members.removedAt)));
  return { accounts: new Map(people.map(({ memberId, accountId }) => [memberId, accountId])), managers: new Set(managers.map(({ id }) => id)) };
}

/** How long one issue that Jira cannot answer for may hold up what comes after it. */
const patienceMs = 3 * 24 * 60 * 60_000;
/** How long an event is kept for somebody whose own grant cannot be renewed. It holds up nobody else, but is gone through again each time. */
const grantPatienceMs = 6 * 60 * 60_000;

/**
 * Who hears of an event. Whoever cannot be asked about it because their own grant is no good for now joins `held`: it is kept for them, and
 * so is what comes after it, while everybody else hears of both.
 * @throws JiraError when Jira itself does not answer for now.
 */
export async function readersOf(tenant: Tenant, { webhookId, facts, since, place, wishes, accounts, managers }: Untold, held: Set<string>): Promise<{ readers: Reader[]; complete: boolean }> {
  const authors = new Set(authorsOf(facts));
  const authorIds = new Set([...accounts].flatMap(([memberId, accountId]) => (authors.has(accountId) ? [memberId] : [])));
  const meantByIt = await notYetTold(tenant, webhookId, meant(wishes, authorIds));
  const candidates = meantByIt.filter((memberId) => !held.has(memberId));
  const waitedMs = clock.nowMs() - since.getTime();
  const needed = sightNeeded(facts);
  const { visible, unasked } = needed
    ? await whoSees(tenant, place, { ...needed, lastTry: waitedMs > patienceMs }, candidates)
    : { visible: new Map([...mayHearUnplaced(wishes, managers)].map((memberId) => [memberId, true])), unasked: new Map() };
  if (waitedMs <= grantPatienceMs) for (const memberId of unasked.keys()) held.add(memberId);
  return {
    readers: candidates.filter((memberId) => visible.get(memberId) === true).map((memberId) => ({ memberId, personal: concerned(facts, accounts.get(memberId) ?? null) })),
    complete: !meantByIt.some((memberId) => held.has(memberId)),
  };
}

/** Saves asking about those whom a replay finds told already; that nobody is told twice, the unique key decides. */
async function notYetTold(tenant: Tenant, webhookId: string, memberIds: string[]): Promise<string[]> {
  if (memberIds.length === 0) return [];
  const told = await inTenant(tenant, (tx) => tx.select({ memberId: webhookTellings.memberId }).from(webhookTellings).where(eq(webhookTellings.webhookId, webhookId)));
  const known = new Set(told.map(({ memberId }) => memberId));
  return memberIds.filter((memberId) => !known.has(memberId));
}
