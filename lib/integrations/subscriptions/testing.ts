import { and, asc, eq, inArray } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import type { Member } from "@/lib/organizations/actor";
import { pluginConnections } from "../connections/tables";
import type { IssueFacts, PluginEventTold, PluginFacts } from "../events";
import { inboundWebhooks } from "../ingest/tables";
import { outgoingDeliveries } from "../outgoing/tables";
import { subscriptionInput } from "./inputs";
import { createSubscription } from "./wishes/commands";

/** Shorthands of this concern's tests. */
export const issueFactsOf = (more: Partial<IssueFacts> = {}): IssueFacts => ({
  id: "10101",
  key: "MOIM-1",
  summary: "Fix the door",
  url: null,
  project: { id: "10000", key: "MOIM", name: "Moim" },
  type: "Task",
  status: "To Do",
  statusCategory: "new",
  priority: null,
  assignee: null,
  reporter: null,
  labels: [],
  updatedAt: null,
  ...more,
});

export function factsOf(more: Partial<PluginFacts> = {}): PluginFacts {
  const issue = more.issue === undefined ? issueFactsOf() : more.issue;
  return {
    event: "jira.issue.updated",
    sourceEvent: "jira:issue_updated",
    actor: null,
    entity: issue ? `issue:${issue.id}` : "unknown",
    title: issue ? `${issue.key} ${issue.summary}` : "",
    text: null,
    url: null,
    project: issue?.project ?? null,
    changes: [],
    comment: null,
    mentions: [],
    occurredAt: "2026-11-21T10:00:00.000Z",
    ...more,
    issue,
  };
}

export async function aConnection(member: Member, more: { plugin?: string; cloudId?: string; credentialId?: string } = {}): Promise<string> {
  const id = newId("connection");
  const { plugin = "jira", cloudId, credentialId } = more;
  await inTenant(member, (tx) =>
    tx.insert(pluginConnections).values({ id, organizationId: member.organizationId, plugin, externalId: id, name: "Maru", metadata: { cloudId: cloudId ?? id }, credentialId, connectedBy: member.id }),
  );
  return id;
}

/** An event as reading leaves it. */
export async function happened(tenant: Tenant, connectionId: string, facts: PluginFacts, more: { receivedAt?: Date } = {}): Promise<string> {
  const [id] = await happenedAll(tenant, connectionId, [facts], more);
  if (!id) throw new Error("nothing was stored");
  return id;
}

export async function happenedAll(tenant: Tenant, connectionId: string, all: PluginFacts[], { receivedAt = clock.now() }: { receivedAt?: Date } = {}): Promise<string[]> {
  return inTenant(tenant, async (tx) => {
    const known = await tx.select({ id: inboundWebhooks.id }).from(inboundWebhooks).where(eq(inboundWebhooks.connectionId, connectionId));
    const rows = all.map((facts, index) => {
      const id = newId("inboundWebhook");
      const { event, entity, title, occurredAt } = facts;
      const position = known.length + index + 1;
      return { id, organizationId: tenant.organizationId, connectionId, dedupeKey: id, proof: "hmac" as const, headers: {}, body: Buffer.from("{}"), receivedAt, state: "read" as const, event, facts, entity, label: title, occurredAt: new Date(occurredAt), position };
    });
    await tx.insert(inboundWebhooks).values(rows);
    return rows.map(({ id }) => id);
  });
}

export const subscribe = async (member: Member, wish: Record<string, unknown>): Promise<string> =>
  (await createSubscription(member, subscriptionInput.parse({ name: "Wish", target: "me", ...wish }))).subscriptionId;

const tellings = ["jira.issue.created", "jira.issue.updated", "jira.issue.deleted", "jira.comment.created", "plugin.event"];

/** What people were told, in its order. */
export async function toldOf(tenant: Tenant): Promise<({ name: string } & PluginEventTold)[]> {
  const rows = await inTenant(tenant, (tx) =>
    tx
      .select({ name: outboxEvents.name, payload: outboxEvents.payload })
      .from(outboxEvents)
      .where(and(eq(outboxEvents.organizationId, tenant.organizationId), inArray(outboxEvents.name, tellings)))
      .orderBy(asc(outboxEvents.id)),
  );
  return rows.map(({ name, payload }) => ({ name, ...(payload as PluginEventTold) }));
}

export const deliveriesTo = (tenant: Tenant, endpointId: string) =>
  inTenant(tenant, (tx) => tx.select().from(outgoingDeliveries).where(eq(outgoingDeliveries.endpointId, endpointId)).orderBy(asc(outgoingDeliveries.id)));
