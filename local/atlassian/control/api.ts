import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Engine } from "../engine";
import { Answer, parseJson, type Exchange } from "../http";
import { consent, grantOf, issueTokens, revoke, uninstall } from "../oauth/grants";
import { sitesOf, siteUrl } from "../oauth/authorize";
import { tokenAnswer } from "../oauth/token-endpoint";
import { moveIssue } from "../jira/changes";
import { refuse, type Call } from "../rest/call";
import { findEndpoint, run } from "../rest/router";
import { adminHooks } from "../webhooks/admin";
import type { Account, Site } from "../world/entities";
import { deliveryRuleSchema } from "./delivery-rules";
import { fire } from "./fire";
import { accountBy, clientBy, siteBy } from "./lookup";
import { read } from "./read";
import { accountSchema, clientSchema, fireSchema, grantSchema, projectSchema, revokeSchema, settingsSchema, siteSchema, uninstallSchema } from "./schemas";
import { scriptedAnswerSchema } from "./scripted-answers";
import { saveAccount, saveHook, saveProject, saveSite } from "./world";

type Handler = (engine: Engine, body: unknown, query: URLSearchParams) => unknown;

const settleWithinMs = 20_000;

const routes: Record<string, Handler> = {
  "GET state": (engine) => stateOf(engine),
  "POST reset": (engine) => {
    engine.reset();
    return stateOf(engine);
  },
  "POST settings": (engine, body) => {
    const change = read(settingsSchema, body);
    engine.store.put("settings", { ...engine.store.settings(), ...change });
    if (change.limits) engine.limits.clear();
    engine.sender.recheck();
    return engine.store.settings();
  },
  "POST clock": (engine, body) => {
    const { advanceSeconds } = read(z.strictObject({ advanceSeconds: z.number().min(0) }), body);
    const settings = engine.store.settings();
    engine.store.put("settings", { ...settings, clockOffsetMs: settings.clockOffsetMs + advanceSeconds * 1_000 });
    engine.sender.recheck();
    return { now: new Date(engine.clock.life()).toISOString() };
  },
  "GET answers": (engine) => engine.answers.list(),
  "POST answers": (engine, body) => {
    engine.answers.add(read(scriptedAnswerSchema, body));
    return engine.answers.list();
  },
  "DELETE answers": (engine) => {
    engine.answers.clear();
    return [];
  },
  "GET delivery-rules": (engine) => engine.deliveryRules.list(),
  "POST delivery-rules": (engine, body) => {
    engine.deliveryRules.add(read(deliveryRuleSchema, body));
    return engine.deliveryRules.list();
  },
  "DELETE delivery-rules": (engine) => {
    engine.deliveryRules.clear();
    return [];
  },
  "GET deliveries": (engine, _, query) => deliveriesOf(engine, query),
  "DELETE deliveries": (engine) => {
    for (const delivery of engine.store.all("deliveries")) engine.store.remove("deliveries", delivery.id);
    engine.sender.clear();
    return [];
  },
  "POST fire": (engine, body) => fire(engine, read(fireSchema, body)).map(({ id, identifier, hookId }) => ({ id, identifier, hook: hookId })),
  "POST release": (engine, body) => {
    const { ids, order } = read(z.strictObject({ ids: z.array(z.string()).optional(), order: z.enum(["first-first", "last-first"]).default("first-first") }), body ?? {});
    const held = ids ?? engine.store.all("deliveries").filter(({ state }) => state === "held").map(({ id }) => id);
    engine.sender.release(order === "first-first" ? held : held.toReversed());
    return { released: held.length };
  },
  "POST retry": (engine) => {
    engine.sender.hurry();
    return {};
  },
  "POST settle": async (engine) => {
    const deadline = Date.now() + settleWithinMs;
    while (!engine.sender.isIdle && Date.now() < deadline) await pause(5);
    return { idle: engine.sender.isIdle };
  },
  "POST grants": (engine, body) => {
    const wanted = read(grantSchema, body);
    const account = accountBy(engine, wanted.account);
    const sites = wanted.sites?.map((name) => siteBy(engine, name)) ?? sitesOf(engine, account);
    const grant = consent(engine, clientBy(engine, wanted.client).id, account.id, sites.map(({ id }) => id), wanted.scopes);
    return tokenAnswer(engine, issueTokens(engine, grant));
  },
  "POST revoke": (engine, body) => {
    const wanted = read(revokeSchema, body);
    const grant = grantOf(engine, clientBy(engine, wanted.client).id, accountBy(engine, wanted.account).id);
    if (grant) revoke(engine, grant);
    return { revoked: grant !== null };
  },
  "POST uninstall": (engine, body) => {
    const wanted = read(uninstallSchema, body);
    uninstall(engine, clientBy(engine, wanted.client).id, siteBy(engine, wanted.site));
    return {};
  },
  "POST accounts": (engine, body) => saveAccount(engine, read(accountSchema, body)),
  "POST sites": (engine, body) => saveSite(engine, read(siteSchema, body)),
  "POST projects": (engine, body) => saveProject(engine, read(projectSchema, body)),
  "POST clients": (engine, body) => {
    const { owner, ...change } = read(clientSchema, body);
    const before = engine.store.get("clients", change.id);
    const kept = before ?? { secret: "secret", name: change.id, redirectUris: [], ownerId: null };
    engine.store.put("clients", { ...kept, ...change, ownerId: owner === undefined ? kept.ownerId : owner && accountBy(engine, owner).id });
    return engine.store.get("clients", change.id);
  },
  "GET hooks": (engine) => engine.store.all("hooks"),
  "POST hooks": (engine, body) => saveHook(engine, body),
  "POST move": (engine, body) => {
    const wanted = read(z.strictObject({ site: z.string(), issue: z.string(), project: z.string(), as: z.string() }), body);
    const site = siteBy(engine, wanted.site);
    const project = engine.store.all("projects").find(({ siteId, key }) => siteId === site.id && key === wanted.project);
    const issue = engine.store.all("issues").find(({ siteId, key }) => siteId === site.id && key === wanted.issue);
    if (!project || !issue) throw new Answer(404, { message: "No such issue or project." });
    return { key: moveIssue({ engine, site, account: accountBy(engine, wanted.as) }, issue, project).key };
  },
};

/** `/_control/…`: everything that tests and the page do to the world. */
export async function answerControl(engine: Engine, exchange: Exchange, bytes: Buffer): Promise<Answer> {
  const { request, url, path } = exchange;
  const [, what = "", id, action] = path;
  const method = request.method ?? "GET";
  const body = parseJson(bytes, () => new Answer(400, { message: "The request body is not valid JSON." }));
  if (what === "as") return asAccount(engine, exchange, body);
  if (what === "deliveries" && id !== undefined) return oneDelivery(engine, method, id, action);
  if (what === "hooks" && id !== undefined && method === "DELETE") {
    engine.store.remove("hooks", id);
    return new Answer(204);
  }
  return id === undefined ? callControl(engine, method, what, body, url.searchParams) : new Answer(404, { message: `There is no ${method} /${path.join("/")}.` });
}

export async function callControl(engine: Engine, method: string, what: string, body?: unknown, query = new URLSearchParams()): Promise<Answer> {
  const handle = routes[`${method} ${what}`];
  if (!handle) return new Answer(404, { message: `There is no ${method} /_control/${what}.` });
  const result = await handle(engine, body, query);
  return result instanceof Answer ? result : new Answer(200, result);
}

/** `/_control/as/{account}/{site}/{2|3}/…`: Jira's REST API as a person at the page would use it, without a token and its limits. */
async function asAccount(engine: Engine, { request, url, path }: Exchange, body: unknown): Promise<Answer> {
  const [, , who = "", where = "", version = "", ...words] = path;
  return await callAs(engine, accountBy(engine, who), siteBy(engine, where), { method: request.method ?? "GET", words, version: version === "2" ? 2 : 3, query: url.searchParams, body });
}

export async function callAs(
  engine: Engine,
  account: Account,
  site: Site,
  { method, words, version, query = new URLSearchParams(), body }: { method: string; words: string[]; version: 2 | 3; query?: URLSearchParams; body?: unknown },
): Promise<Answer> {
  if (!site.members.includes(account.id)) throw refuse(403, [`${account.name} may not use ${site.name}.`]);
  const found = findEndpoint(method, words);
  const voice: Call["voice"] = { engine, site, base: `${siteUrl(engine, site)}/rest/api/${version}`, version, zone: account.timeZone };
  return run(found, { engine, site, account, client: null, voice, path: found.path, query, body });
}

function oneDelivery(engine: Engine, method: string, id: string, action: string | undefined): Answer {
  const delivery = engine.store.get("deliveries", id);
  if (!delivery) return new Answer(404, { message: `There is no delivery ${id}.` });
  if (method === "GET" && action === undefined) return new Answer(200, delivery);
  if (method === "POST" && action === "resend") return new Answer(200, engine.sender.again(delivery));
  return new Answer(405, { message: "GET it, or POST to its /resend." });
}

function deliveriesOf({ store }: Engine, query: URLSearchParams): unknown {
  const wanted = (name: string, value: string): boolean => !query.has(name) || query.get(name) === value;
  return store.all("deliveries").filter(({ state, event, hookId, identifier }) => wanted("state", state) && wanted("event", event) && wanted("hook", hookId) && wanted("identifier", identifier));
}

/** What there is, without what is secret. */
function stateOf(engine: Engine): unknown {
  const { store, clock } = engine;
  return {
    now: new Date(clock.life()).toISOString(),
    settings: store.settings(),
    accounts: store.all("accounts"),
    sites: store.all("sites").map((site) => ({ ...site, url: siteUrl(engine, site), webhooks: adminHooks(engine, site).length })),
    projects: store.all("projects"),
    clients: store.all("clients").map(({ id, name, redirectUris, ownerId }) => ({ id, name, redirectUris, ownerId })),
    grants: store.all("grants"),
    refreshTokens: store.all("refreshTokens").map(({ id: _, ...token }) => token),
    hooks: store.all("hooks").map((hook) => (hook.kind === "admin" ? { ...hook, secret: hook.secret === null ? null : "***" } : hook)),
  };
}
