import type { Engine } from "../engine";
import { Answer, isRecord, seeOther, type Exchange } from "../http";
import { callAs } from "../control/api";
import { siteBy } from "../control/lookup";
import type { Account, Site } from "../world/entities";
import { page } from "./layout";
import { markup, type Markup } from "./markup";

/** Somebody on a page: who they chose to be, and what they sent. */
export interface Visit {
  engine: Engine;
  account: Account;
  url: URL;
  path: string[];
  /** What a form sent; null when the page is only looked at. */
  form: URLSearchParams | null;
}

const cookieName = "atlassian_as";

export function visitOf(engine: Engine, { request, url, path }: Exchange, body: Buffer): Visit {
  const chosen = new RegExp(`(?:^|; )${cookieName}=([^;]*)`).exec(request.headers.cookie ?? "")?.[1];
  const accounts = engine.store.all("accounts");
  const account = accounts.find(({ key }) => key === chosen) ?? accounts[0];
  if (!account) throw new Answer(500, { message: "There are no accounts." });
  return { engine, account, url, path, form: request.method === "POST" ? new URLSearchParams(body.toString("utf8")) : null };
}

/** Chooses the account that the pages act as. */
export function become({ engine, form }: Visit): Answer {
  const account = engine.store.all("accounts").find(({ key }) => key === form?.get("account"));
  const back = form?.get("back") ?? "/";
  return seeOther(/^\/(?!\/)/.test(back) ? back : "/", account ? { "set-cookie": `${cookieName}=${account.key}; Path=/; HttpOnly; SameSite=Lax` } : {});
}

export const siteOfVisit = ({ engine, path }: Visit): Site => siteBy(engine, path[1] ?? "");

export const pathOf = (site: Site, rest = ""): string => `/sites/${site.slug}${rest}`;

function header({ engine, account, url }: Visit): Markup {
  const options = engine.store.all("accounts").map(({ key, name }) => markup`<option value="${key}"${key === account.key ? markup` selected` : ""}>${name}</option>`);
  return markup`<header class="bar">
    <nav aria-label="Main"><a href="/">Atlassian</a>${engine.store.all("sites").map((site) => markup`<a href="${pathOf(site)}">${site.name}</a>`)}<a href="/deliveries">Deliveries</a><a href="/controls">Controls</a></nav>
    <form method="post" action="/_page/as"><input type="hidden" name="back" value="${url.pathname}${url.search}" />
      <label for="as" class="quiet">You are</label><select id="as" name="account" data-submit>${options}</select><noscript><button class="button">Choose</button></noscript></form>
  </header>`;
}

export const show = (visit: Visit, title: string, main: Markup, problem: string | null = null): Answer =>
  page(title, markup`${problem !== null && markup`<p class="notice" role="alert">${problem}</p>`}${main}`, { header: header(visit), status: problem === null ? 200 : 422 });

/** Does something by Jira's own REST API as the chosen account; what went wrong, in its words, or null. */
export async function attempt(visit: Visit, site: Site, method: string, words: string[], body?: unknown): Promise<{ problem: string | null; body: unknown }> {
  const answer = await refusalOf(() => callAs(visit.engine, visit.account, site, { method, words, version: 2, body }));
  return { problem: answer.status < 400 ? null : wordsOf(answer.body), body: answer.body };
}

export async function refusalOf(work: () => Promise<Answer> | Answer): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Answer) return error;
    throw error;
  }
}

export function wordsOf(body: unknown): string {
  if (!isRecord(body)) return "That did not work.";
  const errors = isRecord(body.errors) ? Object.entries(body.errors).map(([field, text]) => `${field}: ${String(text)}`) : [];
  const messages = Array.isArray(body.errorMessages) ? body.errorMessages.map(String) : [];
  return [...messages, ...errors, ...(typeof body.message === "string" ? [body.message] : [])].join(" ") || "That did not work.";
}

export const when = (at: number): Markup => {
  const iso = new Date(at).toISOString();
  return markup`<time datetime="${iso}" class="quiet">${iso.slice(0, 19).replace("T", " ")} UTC</time>`;
};

export const option = (value: string, label: string, selected: boolean): Markup => markup`<option value="${value}"${selected ? markup` selected` : ""}>${label}</option>`;
