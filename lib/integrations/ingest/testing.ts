import { createHmac } from "node:crypto";
import { asc, eq } from "drizzle-orm";
import { inTenant, type Tenant } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/ids";
import { seal } from "@/lib/platform/secret-box";
import type { Member } from "@/lib/organizations/actor";
import { pluginConnections } from "../connections/tables";
import { hookRegistrations, webhookSecrets } from "../hooks/tables";
import type { InboundRequest } from "../plugin";
import { inboundWebhooks } from "./tables";

/** Shorthands of this sub-concern's tests and measures. */
export async function makeConnection(
  member: Member,
  settings: Partial<typeof pluginConnections.$inferInsert> & { secrets?: { secret: string; validUntil?: Date }[]; hookIds?: string[] } = {},
): Promise<string> {
  const { secrets = [], hookIds = [], ...columns } = settings;
  const connectionId = newId("connection");
  const { organizationId } = member;
  await inTenant(member, async (tx) => {
    await tx.insert(pluginConnections).values({
      id: connectionId,
      organizationId,
      plugin: "jira",
      name: "Acme",
      metadata: { cloudId: "cloud", siteUrl: "https://acme.atlassian.net" },
      connectedBy: member.id,
      ...columns,
    });
    for (const { secret, validUntil } of secrets) {
      const id = newId("webhookSecret");
      await tx.insert(webhookSecrets).values({ id, organizationId, connectionId, secret: seal(secret, `webhook-secret:${id}`), validUntil: validUntil ?? null });
    }
    for (const externalId of hookIds) {
      await tx.insert(hookRegistrations).values({ organizationId, connectionId, externalId, events: ["jira:issue_created"], filter: "project != null", expiresAt: new Date("2100-01-01") });
    }
  });
  return connectionId;
}

const hex = (secret: string, body: Buffer) => createHmac("sha256", secret).update(body).digest("hex");

/** A delivery as Jira makes it for a webhook that an admin entered. */
export function signedBy(secret: string, payload: unknown, headers: Record<string, string> = {}): InboundRequest {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
  return { headers: { "content-type": "application/json", "x-hub-signature": `sha256=${hex(secret, body)}`, ...headers }, body };
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A delivery as Jira makes it for a webhook that the app registered. */
export function tokenBy(clientSecret: string, payload: unknown, claims: Record<string, unknown> = {}, header: Record<string, unknown> = { alg: "HS256", typ: "JWT" }): InboundRequest {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  const signature = createHmac("sha256", clientSecret).update(signed).digest("base64url");
  return { headers: { authorization: `Bearer ${signed}.${signature}` }, body: Buffer.from(JSON.stringify(payload)) };
}

/** An issue's webhook, as short as it can be and still be read. */
export function issueWebhook(verb: "created" | "updated" | "deleted", issue: { id: string; key?: string; summary?: string; updated?: string; status?: string }, more: Record<string, unknown> = {}) {
  const { id, key = `MOIM-${id}`, summary = "Fix the door", updated, status = "To Do" } = issue;
  return {
    timestamp: Date.UTC(2026, 10, 21, 9),
    webhookEvent: `jira:issue_${verb}`,
    user: { accountId: "acc-ada", displayName: "Ada" },
    issue: { id, key, fields: { summary, updated, created: updated, status: { name: status }, project: { id: "100", key: key.replace(/-\d+$/, ""), name: "Moim" } } },
    ...more,
  };
}

export const changelog = (id: string, field = "status", from = "To Do", to = "Done") => ({ changelog: { id, items: [{ field, fromString: from, toString: to }] } });

/** Everything that came in at a connection, in order of arrival. */
export const webhooksOf = (tenant: Tenant, connectionId: string) =>
  inTenant(tenant, (tx) => tx.select().from(inboundWebhooks).where(eq(inboundWebhooks.connectionId, connectionId)).orderBy(asc(inboundWebhooks.id)));
