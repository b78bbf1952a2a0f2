import type { Tenant } from "@/lib/platform/db/client";
import { clock } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { webhookUrlOf, type Connection } from "../../connections/queries";
import { jiraClient, type JiraClient } from "../../plugins/jira/client";
import { listHooks, registeredEvents, registerHook, removeHooks, type RegisteredHook } from "../../plugins/jira/hooks";
import { faultsOfHook, isLeftover, lifetimeMs } from "../rules";

/** Jira as the grant of this connection reaches it. @throws Refused RECONNECT_NEEDED when it has none. */
export function clientOf(tenant: Tenant, { credentialId, externalId }: Pick<Connection, "credentialId" | "externalId">): JiraClient {
  if (!credentialId || !externalId) throw new Refused("RECONNECT_NEEDED");
  return jiraClient(tenant, { credentialId, cloudId: externalId });
}

/** A webhook that was just registered, as it is stored. */
export interface NewHook {
  externalId: string;
  events: string[];
  filter: string;
  expiresAt: Date;
}

/** @throws Refused JIRA_REFUSED with what Jira has against it; JiraError. */
export async function registerAt(client: JiraClient, connection: Connection, filter: string): Promise<NewHook> {
  const result = await registerHook(client, { url: webhookUrlOf(connection), events: registeredEvents, filter });
  if ("errors" in result) throw new Refused("JIRA_REFUSED", { detail: result.errors.join(" "), fields: faultsOfHook(result.errors) });
  return { externalId: result.id, events: registeredEvents, filter, expiresAt: new Date(clock.nowMs() + lifetimeMs) };
}

/**
 * What this account has registered at the site, without leftovers: webhooks of ours that nobody knows any more, because a process died
 * before it could write them down, or their connection is over. They are removed: Jira takes five for each person, and one address.
 */
export async function hooksThere(client: JiraClient, connection: Connection, known: string[]): Promise<RegisteredHook[]> {
  const there = await listHooks(client);
  const ours = new URL(`/webhook/${connection.plugin}/`, env().APP_URL).href;
  const leftovers = there.filter((hook) => isLeftover(hook, { ours, known, now: clock.now() }));
  await removeHooks(client, leftovers.map(({ id }) => id));
  return there.filter((hook) => !leftovers.includes(hook));
}
