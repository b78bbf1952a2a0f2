import { z } from "zod";
import { JiraError, type JiraClient } from "./client";

/** Webhooks that an app registers for itself: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/ */
const path = "/rest/api/3/webhook";

/** What the product makes something of. Jira offers an app fewer events than it offers an admin. */
export const registeredEvents = ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated", "comment_deleted"];

export interface RegisteredHook {
  id: string;
  url: string;
  filter: string;
  events: string[];
  expiresAt: Date | null;
}

const registration = z.object({
  webhookRegistrationResult: z.array(z.object({ createdWebhookId: z.number().optional(), errors: z.array(z.string()).optional() })),
});

const hookPage = z.object({
  isLast: z.boolean().optional(),
  total: z.number().optional(),
  values: z.array(
    z.object({
      id: z.number(),
      url: z.string().catch(""),
      jqlFilter: z.string().catch(""),
      events: z.array(z.string()).catch([]),
      // Jira writes an offset without a colon (+0000), which only `Date.parse` takes.
      expirationDate: z.union([z.string(), z.number()]).nullish().transform(instantOf),
    }),
  ),
});

const renewal = z.object({ expirationDate: z.union([z.string(), z.number()]).nullish().transform(instantOf) });

function instantOf(value: string | number | null | undefined): Date | null {
  const ms = typeof value === "string" ? Date.parse(value) : value;
  return ms === null || ms === undefined || Number.isNaN(ms) ? null : new Date(ms);
}

/** Registers one webhook. What is wrong with it comes inside an answer of 200. @throws JiraError */
export async function registerHook(client: JiraClient, hook: { url: string; events: string[]; filter: string }): Promise<{ id: string } | { errors: string[] }> {
  const { webhookRegistrationResult } = await client.post(path, {
    body: { url: hook.url, webhooks: [{ events: hook.events, jqlFilter: hook.filter }] },
    schema: registration,
  });
  const [result] = webhookRegistrationResult;
  if (result?.createdWebhookId !== undefined) return { id: String(result.createdWebhookId) };
  return { errors: result?.errors ?? ["Jira did not say which webhook it made."] };
}

const perPage = 100;
/** An app has five webhooks for each person; no site has so many that they fill ten pages. */
const pagesMax = 10;

/** Those that this account has registered with this app at the site. @throws JiraError */
export async function listHooks(client: JiraClient): Promise<RegisteredHook[]> {
  const found: RegisteredHook[] = [];
  for (let page = 0; page < pagesMax; page += 1) {
    const { values, isLast, total } = await client.get(path, { query: { startAt: found.length, maxResults: perPage }, schema: hookPage });
    found.push(...values.map(({ id, url, jqlFilter, events, expirationDate }) => ({ id: String(id), url, filter: jqlFilter, events, expiresAt: expirationDate })));
    if (values.length === 0 || isLast === true || (total !== undefined && found.length >= total)) break;
  }
  return found;
}

/** For 30 days more. @returns until when they live now; null when Jira does not say. @throws JiraError */
export async function renewHooks(client: JiraClient, ids: string[]): Promise<Date | null> {
  const { expirationDate } = await client.put(`${path}/refresh`, { body: { webhookIds: ids.map(Number) }, schema: renewal });
  return expirationDate;
}

/** Those that are gone already count as removed. @throws JiraError */
export async function removeHooks(client: JiraClient, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  try {
    await client.delete(path, { body: { webhookIds: ids.map(Number) } });
  } catch (error) {
    if (!(error instanceof JiraError) || error.kind !== "not-found") throw error;
  }
}
