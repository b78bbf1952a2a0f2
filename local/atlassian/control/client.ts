import type { z } from "zod";
import type { AdminHook, Delivery } from "../world/entities";
import type { deliveryRuleSchema } from "./delivery-rules";
import type { Fire, SettingsChange } from "./schemas";
import type { scriptedAnswerSchema } from "./scripted-answers";

interface NewIssue {
  site?: string;
  project?: string;
  as?: string;
  type?: string;
  fields?: Record<string, unknown>;
}

export type AtlassianControl = ReturnType<typeof controlOf>;

/** Typed helpers over `/_control`, for any engine that runs. */
export function controlOf(url: string) {
  async function send<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/_control/${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_control/${path} answered ${response.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
  /** Jira's REST API (v2: rich text is plain text) as a person at its pages would use it. */
  const as = <T = unknown>(account: string, site: string, method: string, path: string, body?: unknown): Promise<T> => send<T>(method, `as/${account}/${site}/2/${path}`, body);
  return {
    send,
    as,
    reset: () => send("POST", "reset"),
    settings: (change: SettingsChange) => send("POST", "settings", change),
    /** Moves the engine's clock of lifetimes ahead: codes, tokens, hooks and retries grow older. */
    advance: (seconds: number) => send("POST", "clock", { advanceSeconds: seconds }),
    /** "The next calls that match are answered so." */
    answer: (rule: z.input<typeof scriptedAnswerSchema>) => send("POST", "answers", rule),
    clearAnswers: () => send("DELETE", "answers"),
    outage: (outage: "off" | "unavailable" | "unreachable") => send("POST", "settings", { outage }),
    /** The person removes the application from their account. */
    revoke: (account: string) => send<{ revoked: boolean }>("POST", "revoke", { account }),
    uninstall: (site: string) => send("POST", "uninstall", { site }),
    account: (account: { key: string; name?: string; email?: string; emailVisible?: boolean; timeZone?: string; sites?: string[]; adminOf?: string[] }) => send<{ id: string; key: string }>("POST", "accounts", account),
    site: (site: { slug: string; name: string; admins: string[]; members?: string[]; confluence?: boolean }) => send<{ id: string; slug: string }>("POST", "sites", site),
    project: (project: { site: string; key: string; name?: string; viewers?: string[] | null }) => send<{ id: string; key: string }>("POST", "projects", project),
    client: (client: { id: string; secret?: string; name?: string; redirectUris?: string[]; owner?: string | null }) => send("POST", "clients", client),

    /** An admin pastes a webhook into a site. */
    hook: (hook: { site: string; url: string; secret?: string | null; events?: string[]; jql?: string; excludeBody?: boolean; enabled?: boolean; name?: string; as?: string; id?: string }) => send<AdminHook>("POST", "hooks", hook),
    removeHook: (id: string) => send("DELETE", `hooks/${id}`),
    hooks: () => send<Record<string, unknown>[]>("GET", "hooks"),

    createIssue: ({ site = "maru", project = "MOIM", as: who = "ada", type = "Task", fields = {} }: NewIssue = {}) =>
      as<{ id: string; key: string; self: string }>(who, site, "POST", "issue", { fields: { project: { key: project }, issuetype: { name: type }, summary: "Something to do", ...fields } }),
    editIssue: (key: string, fields: Record<string, unknown>, who = "ada", site = "maru") => as(who, site, "PUT", `issue/${key}`, { fields }),
    assign: (key: string, accountId: string | null, who = "ada", site = "maru") => as(who, site, "PUT", `issue/${key}/assignee`, { accountId }),
    /** By the name of the status that it leads to. */
    async transition(key: string, status: string, who = "ada", site = "maru"): Promise<void> {
      const { transitions } = await as<{ transitions: { id: string; to: { name: string } }[] }>(who, site, "GET", `issue/${key}/transitions`);
      const found = transitions.find(({ to }) => to.name === status);
      if (!found) throw new Error(`${key} cannot become ${status} now; it can become ${transitions.map(({ to }) => to.name).join(", ")}`);
      await as(who, site, "POST", `issue/${key}/transitions`, { transition: { id: found.id } });
    },
    comment: (key: string, body: string, who = "ada", site = "maru") => as<{ id: string }>(who, site, "POST", `issue/${key}/comment`, { body }),
    deleteIssue: (key: string, who = "ada", site = "maru") => as(who, site, "DELETE", `issue/${key}?deleteSubtasks=true`),
    moveIssue: (key: string, project: string, who = "ada", site = "maru") => send<{ key: string }>("POST", "move", { site, issue: key, project, as: who }),

    /** Any event, in any shape, as often as wanted; see `control/schemas.ts`. */
    fire: (wanted: Fire) => send<{ id: string; identifier: string; hook: string }[]>("POST", "fire", wanted),
    /** What happens to the next deliveries. */
    bend: (rule: z.input<typeof deliveryRuleSchema>) => send("POST", "delivery-rules", rule),
    release: (options: { ids?: string[]; order?: "first-first" | "last-first" } = {}) => send("POST", "release", options),
    /** Retries that wait go now. */
    retryNow: () => send("POST", "retry"),
    /** Resolves when nothing is under way any more. */
    settle: () => send<{ idle: boolean }>("POST", "settle"),
    deliveries: (query: Record<string, string> = {}) => send<Delivery[]>("GET", `deliveries?${new URLSearchParams(query)}`),
    resend: (id: string) => send<Delivery>("POST", `deliveries/${id}/resend`),
    clearDeliveries: () => send("DELETE", "deliveries"),
  };
}
