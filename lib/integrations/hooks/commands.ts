import { and, eq, isNull } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { append } from "@/lib/platform/outbox/outbox";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { connectionOf, type Connection } from "../connections/queries";
import { pluginConnections } from "../connections/tables";
import { hooksAbandoned } from "../events";
import { forgetTrust } from "../ingest/trust/queries";
import { JiraError, refusedByJira } from "../plugins/jira/client";
import { everyIssue, faultOfFilter } from "../plugins/jira/hook-filter";
import { removeHooks } from "../plugins/jira/hooks";
import { mayManageIntegrations } from "../policy";
import { useDynamicHooksInput, type UseDynamicHooksInput } from "./inputs";
import { registrationsOf } from "./queries";
import { clientOf, hooksThere, registerAt, type NewHook } from "./registering/commands";
import { hookRegistrations } from "./tables";

/**
 * Has the product register its webhook at the site itself. It is registered first; only when it stands is it the kind that counts, so that
 * a refusal leaves everything as it was. Where one is registered already, one with the new filter takes its place.
 * @throws Refused FORBIDDEN, NOT_FOUND, CONFLICT (not Jira), INVALID (the filter), RECONNECT_NEEDED (no grant, or one that reaches less
 *   far), JIRA_REFUSED with Jira's words, JIRA_UNAVAILABLE.
 */
export async function useDynamicHooks(member: Member, connectionId: string, input: UseDynamicHooksInput = {}): Promise<void> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  const filter = filterOf(input);
  const connection = await connectionOf(member, connectionId);
  if (!connection) throw new Refused("NOT_FOUND");
  if (connection.plugin !== "jira") throw new Refused("CONFLICT");
  const client = clientOf(member, connection);
  const known = (await registrationsOf(member, connectionId)).map(({ externalId }) => externalId);
  const hook = await inWords(async () => {
    await hooksThere(client, connection, known);
    return registerAt(client, connection, filter);
  });
  const replaced = await inTenant(member, (tx) => activate(tx, member, connection, hook));
  // What cannot be removed just now is a leftover, which the daily look finds.
  await removeHooks(client, replaced ?? [hook.externalId]).catch((error: unknown) => log.warn("a replaced webhook stays at the site for now", { connectionId, error }));
  if (!replaced) throw new Refused("NOT_FOUND");
}

function filterOf(input: UseDynamicHooksInput): string {
  const filter = parseInput(useDynamicHooksInput, input).filter || everyIssue;
  const fault = faultOfFilter(filter);
  if (!fault) return filter;
  const detail = `A registered webhook cannot be filtered like that: ${fault.found || filter}`;
  throw new Refused("INVALID", { detail, fields: [{ path: ["filter"], code: fault.code, detail, values: { found: fault.found } }] });
}

/** Jira's refusals in words that a form can show. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    const refused = refusedByJira(error);
    if (error.kind === "scope") throw new Refused(refused.code, { detail: refused.message, fields: [{ path: [], code: "hook-scope", detail: "The grant does not cover webhooks." }] });
    if (refused.code !== "JIRA_REFUSED") throw refused;
    const words = [...error.messages, ...Object.values(error.errors)].join(" ") || `HTTP ${error.status}`;
    throw new Refused(refused.code, { detail: words, fields: [{ path: [], code: "jira-said", detail: `Jira says: ${words}`, values: { words } }] });
  }
}

/** @returns the ids over there that it replaces; null when the connection ended meanwhile. */
async function activate(tx: Tx, member: Member, connection: Connection, hook: NewHook): Promise<string[] | null> {
  const current = await lockConnection(tx, member, connection.id);
  if (!current) return null;
  const replaced = await tx.delete(hookRegistrations).where(eq(hookRegistrations.connectionId, connection.id)).returning({ id: hookRegistrations.externalId });
  await tx.insert(hookRegistrations).values({ organizationId: member.organizationId, connectionId: connection.id, ...hook, createdAt: clock.now() });
  if (current.hookKind !== "dynamic") await tx.update(pluginConnections).set({ hookKind: "dynamic", verifiedAt: null, refusedAt: null, refusedReason: null }).where(eq(pluginConnections.id, connection.id));
  await forgetTrust(tx, connection.id);
  await audit(tx, member, [{ action: "connection.changed", subject: current.name, detail: { connectionId: connection.id, hookKind: "dynamic", filter: hook.filter } }]);
  return replaced.map(({ id }) => id);
}

/**
 * Back to a webhook that an admin enters at the site. What we registered there no longer counts from now on; a durable function removes
 * it. Nothing changes when it is so already.
 * @throws Refused FORBIDDEN, NOT_FOUND.
 */
export async function useManualHook(member: Member, connectionId: string): Promise<void> {
  if (!mayManageIntegrations(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    const current = await lockConnection(tx, member, connectionId);
    if (!current) throw new Refused("NOT_FOUND");
    if (current.hookKind === "manual") return;
    await tx.update(pluginConnections).set({ hookKind: "manual", verifiedAt: null, refusedAt: null, refusedReason: null }).where(eq(pluginConnections.id, connectionId));
    await forgetTrust(tx, connectionId);
    await append(tx, member, hooksAbandoned, { connectionId });
    await audit(tx, member, [{ action: "connection.changed", subject: current.name, detail: { connectionId, hookKind: "manual" } }]);
  });
}

async function lockConnection(tx: Tx, member: Member, connectionId: string): Promise<{ name: string; hookKind: "manual" | "dynamic" } | null> {
  const [current] = await tx
    .select({ name: pluginConnections.name, hookKind: pluginConnections.hookKind })
    .from(pluginConnections)
    .where(and(eq(pluginConnections.organizationId, member.organizationId), eq(pluginConnections.id, connectionId), isNull(pluginConnections.disconnectedAt)))
    .for("update");
  return current ?? null;
}
