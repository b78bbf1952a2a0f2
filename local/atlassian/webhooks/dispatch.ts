import { randomUUID } from "node:crypto";
import type { Engine } from "../engine";
import { maySee } from "../jql/asker";
import { find, testOf } from "../jql/evaluate";
import { JqlError } from "../jql/lexer";
import { parseJql } from "../jql/parser";
import type { AdminHook, Delivery, DynamicHook, Hook, Issue, Site } from "../world/entities";

/** Something that happened on a site, as its webhooks tell it. */
export interface Happening {
  site: Site;
  event: string;
  /** Who did it; null for the system. */
  actorId: string | null;
  /** As it is, or was, when a filter is to be asked. */
  issue: Issue | null;
  payload: Record<string, unknown>;
  /** The ids of the fields that changed, for hooks that hear of some only. */
  changedFields?: readonly string[];
  flow?: Delivery["flow"];
}

/** Writes a delivery for every hook that wants to hear of it, in the same turn as the change itself. */
export function announce(engine: Engine, happening: Happening): Delivery[] {
  const { store, clock } = engine;
  const listening = store.all("hooks").filter((hook) => hook.siteId === happening.site.id && hook.events.includes(happening.event));
  const admin = listening.filter((hook) => hook.kind === "admin" && hook.enabled && passes(engine, hook, happening)) as AdminHook[];
  const dynamic = listening.filter((hook) => hook.kind === "dynamic" && hook.expiresAt > clock.life() && reaches(engine, hook, happening)) as DynamicHook[];
  // An application has one URL: all of its hooks that match make one delivery.
  const byUrl = new Map<string, DynamicHook[]>();
  for (const hook of dynamic) byUrl.set(`${hook.clientId} ${hook.url}`, [...(byUrl.get(`${hook.clientId} ${hook.url}`) ?? []), hook]);
  return [
    ...admin.map((hook) => deliver(engine, happening, hook, hook.excludeBody ? "" : JSON.stringify(happening.payload), [])),
    ...[...byUrl.values()].flatMap((hooks) => {
      const [first] = hooks;
      const matchedWebhookIds = hooks.map(({ id }) => Number(id));
      return first ? [deliver(engine, happening, first, JSON.stringify({ ...happening.payload, matchedWebhookIds }), hooks.map(({ id }) => id))] : [];
    }),
  ];
}

/** Also for what is fired by hand at one hook, whatever it listens to. */
export function deliver(engine: Engine, happening: Happening, hook: Hook, body: string, matchedIds: string[], identifier: string = randomUUID()): Delivery {
  const delivery: Delivery = {
    id: randomUUID(),
    siteId: happening.site.id,
    hookId: hook.id,
    matchedIds,
    kind: hook.kind,
    event: happening.event,
    identifier,
    flow: happening.flow ?? "Primary",
    url: addressOf(hook.url, happening, engine),
    body,
    created: engine.clock.now(),
    notBefore: engine.clock.life(),
    state: "waiting",
    tries: [],
  };
  engine.sender.accept(delivery);
  return delivery;
}

/** Private applications reach only hooks of their owner; and a hook tells nothing that the one who registered it may not see. */
function reaches(engine: Engine, hook: DynamicHook, happening: Happening): boolean {
  const client = engine.store.get("clients", hook.clientId);
  if (!client || (client.ownerId !== null && client.ownerId !== hook.accountId)) return false;
  const project = happening.issue && engine.store.get("projects", happening.issue.projectId);
  if (project && !maySee(project, hook.accountId)) return false;
  if (hook.fieldIds.length > 0 && happening.changedFields && !happening.changedFields.some((field) => hook.fieldIds.includes(field))) return false;
  return passes(engine, hook, happening);
}

/** Filters are about issues; what concerns none passes. */
function passes(engine: Engine, hook: Hook, { site, issue }: Happening): boolean {
  if (issue === null || hook.jql.trim() === "") return true;
  const accountId = hook.kind === "dynamic" ? hook.accountId : hook.updatedById;
  const account = engine.store.get("accounts", accountId);
  if (!account) return false;
  try {
    const { where } = parseJql(hook.jql);
    return where === null || testOf(where, { store: engine.store, siteId: site.id, account, now: engine.clock.now() })(issue);
  } catch (error) {
    // A project or person that the filter names may be gone since.
    if (error instanceof JqlError) return false;
    throw error;
  }
}

/** Whether a filter can be used at all. @throws JqlError */
export function checkFilter(engine: Engine, site: Site, accountId: string, jql: string): void {
  const account = engine.store.get("accounts", accountId);
  if (account && jql.trim() !== "") find(parseJql(jql), { store: engine.store, siteId: site.id, account, now: engine.clock.now() });
}

/** `${issue.key}` and its like are filled in, and who did it is appended. */
function addressOf(template: string, { issue, actorId, site }: Happening, { store }: Engine): string {
  const project = issue && store.get("projects", issue.projectId);
  const known: Record<string, string> = {
    "issue.id": issue?.id ?? "",
    "issue.key": issue?.key ?? "",
    "project.id": project?.id ?? "",
    "project.key": project?.key ?? "",
    "modifiedUser.accountId": actorId ?? "",
    "site.id": site.id,
  };
  const filled = template.replace(/\$?\{([\w.]+)\}/g, (all, name: string) => (name in known ? encodeURIComponent(known[name] ?? "") : all));
  const url = new URL(filled);
  if (actorId !== null) url.searchParams.set("triggeredByUser", actorId);
  return url.href;
}
