import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import type { Tenant } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/env";
import { Refused } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { retryAfterSeconds } from "@/lib/platform/provider";
import { block, takeTurn } from "../../credentials/budgets/commands";
import type { AccessToken } from "../../credentials/commands";
import { accessTokenOf } from "../../credentials/queries";
import { mayBeExpiry } from "../../credentials/rules";
import { ask, type Heard } from "./wire";

/**
 * - `broken`: the grant is gone, only a new consent helps · `scope`: the grant does not reach that far
 * - `unavailable`: nobody answered, or could not; whether it took effect is unknown · `rate-limited`: not now
 */
export type JiraFault = "not-found" | "forbidden" | "invalid" | "rate-limited" | "unavailable" | "scope" | "broken";

/** What Jira said instead of doing it, in its own words and in the language of the account. */
export class JiraError extends Error {
  readonly kind: JiraFault;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly messages: string[];
  /** By field. */
  readonly errors: Record<string, string>;
  readonly retryAfterSeconds: number | null;
  /** It is one grant that is no good for now; Jira itself was not asked and may answer others. */
  readonly ofGrant: boolean;

  constructor(kind: JiraFault, said: { status?: number; messages?: string[]; errors?: Record<string, string>; retryAfterSeconds?: number | null; ofGrant?: boolean } = {}) {
    const { status = 0, messages = [], errors = {} } = said;
    super([`Jira: ${kind}`, ...(status ? [`HTTP ${status}`] : []), ...messages, ...Object.values(errors)].join("; "));
    this.name = "JiraError";
    this.kind = kind;
    this.status = status;
    this.messages = messages;
    this.errors = errors;
    this.retryAfterSeconds = said.retryAfterSeconds ?? null;
    this.ofGrant = said.ofGrant ?? false;
  }
}

/** What an edge says of it. Jira's own words are shown, because only they name the field or the rule. */
export function refusedByJira(error: unknown): Refused {
  if (!(error instanceof JiraError)) throw error;
  const detail = [...error.messages, ...Object.values(error.errors)].join(" ").slice(0, 500) || undefined;
  switch (error.kind) {
    case "broken":
    case "scope":
      return new Refused("RECONNECT_NEEDED", { detail });
    case "not-found":
      return new Refused("NOT_FOUND", { detail });
    case "rate-limited":
    case "unavailable":
      return new Refused("JIRA_UNAVAILABLE", { detail, extra: { retryAfterSeconds: error.retryAfterSeconds ?? 30 } });
    default:
      return new Refused("JIRA_REFUSED", { detail, extra: { messages: error.messages, errors: error.errors } });
  }
}

type Scalar = string | number | boolean;

interface Options<T = unknown> {
  query?: Record<string, Scalar | readonly Scalar[] | null | undefined>;
  body?: unknown;
  /** What of the answer is needed. An answer that lacks it counts as none. */
  schema?: z.ZodType<T>;
  timeoutMs?: number;
}

type Call = <T = unknown>(path: string, options?: Options<T>) => Promise<T>;

type Method = "GET" | "POST" | "PUT" | "DELETE";
type Place = { credentialId: string; cloudId: string };

/** Paths are Jira's own, from `/rest/…`; parts that come from elsewhere go through `expand`. Every method throws `JiraError`. */
export type JiraClient = Record<"get" | "post" | "put" | "delete", Call>;

/** Jira as one account sees it, at one site. Not to be called inside a transaction: it waits for others. */
export function jiraClient(tenant: Tenant, place: Place): JiraClient {
  const call =
    (method: Method): Call =>
    async <T>(path: string, options: Options<T> = {}) =>
      understood(await answered(tenant, place, method, path, options), options);
  return { get: call("GET"), post: call("POST"), put: call("PUT"), delete: call("DELETE") };
}

/** One forced refresh at most: who is refused with a token that is certainly good is meant. */
async function answered(tenant: Tenant, place: Place, method: Method, path: string, options: Options): Promise<Heard> {
  const url = urlOf(place.cloudId, path, options.query);
  const first = await tokenFor(tenant, place.credentialId);
  const heard = await inTurn(tenant, place.cloudId, () => ask(url, { method, token: first.token, json: options.body, timeoutMs: options.timeoutMs }));
  if (!("status" in heard) || lacksScope(heard) || !mayBeExpiry(heard.status, first, clock.nowMs())) return heard;
  const second = await tokenFor(tenant, place.credentialId, first.version);
  log.info("a token was refused ahead of its end", { status: heard.status, credentialId: place.credentialId });
  return inTurn(tenant, place.cloudId, () => ask(url, { method, token: second.token, json: options.body, timeoutMs: options.timeoutMs }));
}

async function tokenFor(tenant: Tenant, credentialId: string, refusedVersion?: number): Promise<AccessToken> {
  try {
    return await accessTokenOf(tenant, credentialId, { refusedVersion });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code === "RECONNECT_NEEDED") throw new JiraError("broken");
    throw new JiraError("unavailable", { messages: ["the token server does not answer"], retryAfterSeconds: Number(error.extra.retryAfterSeconds) || null, ofGrant: true });
  }
}

async function inTurn(tenant: Tenant, cloudId: string, work: () => Promise<Heard>): Promise<Heard> {
  const turn = await takeTurn(tenant, cloudId);
  if ("retryAfterSeconds" in turn) throw new JiraError("rate-limited", { retryAfterSeconds: turn.retryAfterSeconds });
  if (turn.afterMs > 0) await pause(turn.afterMs);
  const heard = await work();
  const seconds = restSeconds(heard);
  if (seconds !== null) await block(tenant, cloudId, seconds);
  return heard;
}

/**
 * A 429 asks for rest even where it does not say how long; a 503 only where it does. Too many writes to one issue are that matter:
 * the rest of the site goes on.
 */
function restSeconds(heard: Heard): number | null {
  if (!("status" in heard) || (heard.status !== 429 && heard.status !== 503)) return null;
  if (heard.headers.get("ratelimit-reason") === "jira-per-issue-on-write") return null;
  const seconds = retryAfterSeconds(heard.headers.get("retry-after") ?? undefined);
  if (seconds === null) return heard.status === 429 ? 5 : null;
  return Math.min(Math.max(Math.ceil(seconds), 1), 3600);
}

function urlOf(cloudId: string, path: string, query: Options["query"] = {}): string {
  const base = `${env().ATLASSIAN_API_URL}/ex/jira/${encodeURIComponent(cloudId)}`;
  const url = new URL(`${base}${path}`);
  // A path that climbs out of its site would take the token along.
  if (!path.startsWith("/rest/") || !url.href.startsWith(`${base}/rest/`)) throw new RangeError(`${path} is no path of Jira's REST API`);
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== null && one !== undefined) url.searchParams.append(name, String(one));
  }
  return url.href;
}

/** Both shapes of a refusal: Jira's own, and that of the gateway in front of it. */
const refusal = z.object({
  errorMessages: z.array(z.string()).catch([]),
  errors: z.record(z.string(), z.string()).catch({}),
  message: z.string().optional().catch(undefined),
});

const lacksScope = (heard: Heard) => "status" in heard && heard.status === 401 && /scope does not match/i.test(refusal.safeParse(heard.body).data?.message ?? "");

function understood<T>(heard: Heard, { schema }: Options<T>): T {
  if ("silent" in heard) throw new JiraError("unavailable", { messages: [heard.silent] });
  const { status, headers, body } = heard;
  if (status >= 200 && status < 300) {
    // Who gives no schema takes the answer as it is.
    if (!schema) return body as T;
    const { success, data, error } = schema.safeParse(body);
    if (success) return data;
    throw new JiraError("unavailable", { status, messages: [`an answer in another shape: ${z.prettifyError(error).slice(0, 300)}`] });
  }
  const { errorMessages = [], errors = {}, message } = refusal.safeParse(body).data ?? {};
  const messages = [...errorMessages, ...(message ? [message] : [])];
  const wait = retryAfterSeconds(headers.get("retry-after") ?? undefined);
  throw new JiraError(faultOf(heard), { status, messages, errors, retryAfterSeconds: wait });
}

function faultOf(heard: Heard & { status: number }): JiraFault {
  const { status } = heard;
  if (status === 401) return lacksScope(heard) ? "scope" : "forbidden";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 410) return "not-found";
  if (status === 429) return "rate-limited";
  return status >= 500 || status === 408 || status < 400 ? "unavailable" : "invalid";
}
