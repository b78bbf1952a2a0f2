import { Answer, isRecord } from "../http";
import { faultsOfDynamicFilter } from "../jql/dynamic";
import { JqlError } from "../jql/lexer";
import { jiraTime } from "../jira/time";
import { checkFilter } from "../webhooks/dispatch";
import { dynamicEvents } from "../webhooks/events";
import type { Client, DynamicHook } from "../world/entities";
import { objectOf, paged, refuse, type Call } from "./call";

/** Dynamic webhooks: what an application registers for itself with `manage:jira-webhook`. */

const lifeMs = 30 * 24 * 3_600_000;
const mostPerUser = 5;
const mostIds = 100;

/** Faults of single hooks come with 200; only a request that cannot be read is refused. */
export function registerWebhooks(call: Call): unknown {
  const { url, webhooks } = objectOf(call);
  const client = clientOf(call);
  if (typeof url !== "string" || !/^https?:\/\//.test(url) || !URL.canParse(url)) throw refuse(400, ["The webhook URL is invalid."]);
  if (!Array.isArray(webhooks) || webhooks.length === 0) throw refuse(400, ["The list of webhooks must not be empty."]);
  return { webhookRegistrationResult: (webhooks as unknown[]).map((wanted) => register(call, client, url, wanted)) };
}

function register(call: Call, client: Client, url: string, wanted: unknown): { createdWebhookId: number } | { errors: string[] } {
  const { engine, site, account } = call;
  const given = isRecord(wanted) ? wanted : {};
  const jql = typeof given.jqlFilter === "string" ? given.jqlFilter : "";
  const errors = [...faultsOfEvents(given.events), ...faultsOfFilter(call, jql)];
  const alive = aliveHooks(call, client);
  if (alive.some((hook) => hook.url !== url)) errors.push("Only a single URL per app is allowed to be registered");
  if (alive.filter(({ accountId }) => accountId === account.id).length >= mostPerUser) errors.push(`The maximum number of webhooks (${mostPerUser}) per user for this app has been reached`);
  if (errors.length > 0) return { errors };
  const hook: DynamicHook = {
    id: String(engine.store.next("hook", 1)),
    kind: "dynamic",
    siteId: site.id,
    url,
    events: texts(given.events),
    jql,
    created: engine.clock.now(),
    failingSince: null,
    clientId: client.id,
    accountId: account.id,
    fieldIds: texts(given.fieldIdsFilter),
    propertyKeys: texts(given.issuePropertyKeysFilter),
    expiresAt: engine.clock.life() + lifeMs,
  };
  engine.store.put("hooks", hook);
  return { createdWebhookId: Number(hook.id) };
}

function faultsOfEvents(value: unknown): string[] {
  const events = texts(value);
  if (events.length === 0) return ["At least one event must be given"];
  return events.filter((event) => !dynamicEvents.includes(event)).map((event) => `Event ${event} is unsupported`);
}

function faultsOfFilter({ engine, site, account }: Call, jql: string): string[] {
  const faults = faultsOfDynamicFilter(jql);
  if (faults.length > 0) return faults;
  try {
    checkFilter(engine, site, account.id, jql);
    return [];
  } catch (error) {
    if (error instanceof JqlError) return [error.message];
    throw error;
  }
}

export function listWebhooks(call: Call): unknown {
  const page = paged(call, mine(call));
  const { zone } = call.voice;
  const told = (at: number): string => jiraTime(call.engine.clock.told(at), zone);
  return {
    ...page,
    values: page.values.map((hook) => ({
      id: Number(hook.id),
      jqlFilter: hook.jql,
      ...(hook.fieldIds.length > 0 && { fieldIdsFilter: hook.fieldIds }),
      ...(hook.propertyKeys.length > 0 && { issuePropertyKeysFilter: hook.propertyKeys }),
      events: hook.events,
      expirationDate: told(hook.expiresAt),
      url: hook.url,
    })),
  };
}

/** Ids of others, and of hooks that are gone, are passed over. */
export function refreshWebhooks(call: Call): unknown {
  const ids = idsOf(call);
  const expiresAt = call.engine.clock.life() + lifeMs;
  for (const hook of mine(call)) if (ids.includes(hook.id)) call.engine.store.put("hooks", { ...hook, expiresAt });
  return { expirationDate: jiraTime(call.engine.clock.told(expiresAt), call.voice.zone) };
}

export function deleteWebhooks(call: Call): Answer {
  const ids = idsOf(call);
  for (const hook of mine(call)) if (ids.includes(hook.id)) call.engine.store.remove("hooks", hook.id);
  return new Answer(202);
}

/** Only Connect applications may ask for what failed. */
export function failedWebhooks(): never {
  throw refuse(403, ["The caller is not a Connect app."]);
}

function idsOf(call: Call): string[] {
  const { webhookIds } = objectOf(call);
  if (!Array.isArray(webhookIds) || webhookIds.length === 0 || webhookIds.length > mostIds || !webhookIds.every(Number.isInteger)) throw refuse(400, ["The list of webhook ids is invalid."]);
  return webhookIds.map(String);
}

function clientOf({ client }: Call): Client {
  if (!client) throw refuse(403, ["The caller isn't an app."]);
  return client;
}

const aliveHooks = ({ engine, site }: Call, client: Client): DynamicHook[] =>
  engine.store.all("hooks").filter((hook): hook is DynamicHook => hook.kind === "dynamic" && hook.siteId === site.id && hook.clientId === client.id && hook.expiresAt > engine.clock.life());

const mine = (call: Call): DynamicHook[] => aliveHooks(call, clientOf(call)).filter(({ accountId }) => accountId === call.account.id);

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
