import { z } from "zod";
import type { Engine } from "../engine";
import { Answer, isRecord, parseJson, type Exchange } from "../http";
import { JqlError } from "../jql/lexer";
import { refuse } from "../rest/call";
import type { Account, AdminHook, Site } from "../world/entities";
import { checkFilter } from "./dispatch";
import { adminEvents } from "./events";

/** Admin webhooks: made by an administrator of a site, on its page or by its REST API; never by an application's token. */

const mostPerSite = 100;
const jqlSection = "issue-related-events-section";

export const adminHookSchema = z.object({
  name: z.string().trim().min(1, "A name is required.").max(255),
  url: z.url({ protocol: /^https?$/, error: "The URL must begin with http:// or https://." }),
  events: z.array(z.string()).min(1, "Choose at least one event."),
  jql: z.string().trim().default(""),
  secret: z.string().nullable().optional(),
  excludeBody: z.boolean().default(false),
  enabled: z.boolean().default(true),
});

export type AdminHookInput = z.infer<typeof adminHookSchema>;

/** Without a secret in the input the one there is stays; an empty one or null removes it. @throws Answer */
export function saveAdminHook(engine: Engine, site: Site, account: Account, input: AdminHookInput, before: AdminHook | null): AdminHook {
  if (!site.admins.includes(account.id)) throw refuse(403, [`${account.name} is no administrator of ${site.name}.`]);
  const unknown = input.events.filter((event) => !adminEvents.includes(event));
  if (unknown.length > 0) throw refuse(400, [`Unknown events: ${unknown.join(", ")}`]);
  try {
    checkFilter(engine, site, account.id, input.jql);
  } catch (error) {
    if (error instanceof JqlError) throw refuse(400, [error.message]);
    throw error;
  }
  if (!before && adminHooks(engine, site).length >= mostPerSite) throw refuse(400, [`A site has at most ${mostPerSite} webhooks.`]);
  const hook: AdminHook = {
    ...input,
    id: before?.id ?? String(engine.store.next("hook", 1)),
    kind: "admin",
    siteId: site.id,
    secret: input.secret === undefined ? (before?.secret ?? null) : input.secret || null,
    created: before?.created ?? engine.clock.now(),
    failingSince: before?.failingSince ?? null,
    updatedById: account.id,
  };
  engine.store.put("hooks", hook);
  return hook;
}

export const adminHooks = ({ store }: Engine, site: Site): AdminHook[] => store.all("hooks").filter((hook): hook is AdminHook => hook.kind === "admin" && hook.siteId === site.id);

/** `/sites/{slug}/rest/webhooks/1.0/webhook[/{id}]`, with an account's e-mail address and any API token. */
export function answerAdminHooks(engine: Engine, site: Site, { request, path }: Exchange, body: Buffer): Answer {
  const account = basicAccount(engine, request.headers.authorization);
  if (!account || !site.admins.includes(account.id)) return new Answer(account ? 403 : 401, { message: "You are not authorized to perform the requested operation. Administrator privileges are required.", "status-code": account ? 403 : 401 });
  const id = path[6];
  const hook = id === undefined ? null : (adminHooks(engine, site).find((one) => one.id === id) ?? null);
  if (id !== undefined && !hook) return new Answer(404, { messages: [{ key: "Webhook not found" }] });
  switch (request.method) {
    case "GET":
      return new Answer(200, hook ? told(engine, site, hook) : adminHooks(engine, site).map((one) => told(engine, site, one)));
    case "POST":
      return new Answer(201, told(engine, site, saveAdminHook(engine, site, account, inputOf(body, null), null)));
    case "PUT":
      return hook ? new Answer(200, told(engine, site, saveAdminHook(engine, site, account, inputOf(body, hook), hook))) : new Answer(405);
    case "DELETE":
      if (hook) engine.store.remove("hooks", hook.id);
      return new Answer(hook ? 204 : 405);
    default:
      return new Answer(405);
  }
}

/** The secret is never told again; only that there is one. */
const told = (engine: Engine, site: Site, hook: AdminHook): unknown => ({
  name: hook.name,
  url: hook.url,
  excludeBody: hook.excludeBody,
  filters: { [jqlSection]: hook.jql },
  events: hook.events,
  enabled: hook.enabled,
  self: `${engine.baseUrl}/sites/${site.slug}/rest/webhooks/1.0/webhook/${hook.id}`,
  lastUpdatedUser: hook.updatedById,
  lastUpdatedDisplayName: engine.store.get("accounts", hook.updatedById)?.name ?? "",
  lastUpdated: hook.created,
  isSigned: hook.secret !== null,
});

function inputOf(body: Buffer, before: AdminHook | null): AdminHookInput {
  const given = parseJson(body, () => refuse(400, ["The request body is not valid JSON."]));
  const { filters, ...rest } = isRecord(given) ? given : {};
  const jql = isRecord(filters) ? filters[jqlSection] : undefined;
  const parsed = adminHookSchema.safeParse({ ...before, ...(jql !== undefined && { jql }), secret: undefined, ...rest });
  if (!parsed.success) throw refuse(400, parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
  return parsed.data;
}

function basicAccount({ store }: Engine, authorization: string | undefined): Account | null {
  const given = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  const [email = "", token = ""] = Buffer.from(given ?? "", "base64").toString("utf8").split(":");
  return token === "" ? null : (store.all("accounts").find((account) => account.email === email) ?? null);
}
