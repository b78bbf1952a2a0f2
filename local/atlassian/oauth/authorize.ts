import { randomBytes } from "node:crypto";
import type { Engine } from "../engine";
import { seeOther, type Answer } from "../http";
import { page } from "../page/layout";
import { markup, type Markup } from "../page/markup";
import type { Account, Client, Site } from "../world/entities";
import { consent, grantOf, knownScopes } from "./grants";

const codeLifeMs = 10 * 60_000;
const askedFor = ["audience", "client_id", "scope", "redirect_uri", "state", "response_type", "prompt"] as const;

interface Request {
  client: Client;
  redirectUri: string;
  state: string | null;
  scopes: string[];
  /** The request again, to be carried through the pages. */
  query: URLSearchParams;
}

/** GET /authorize: who are you, then what may it do. */
export function showConsent(engine: Engine, query: URLSearchParams): Answer {
  const request = readRequest(engine, query);
  if ("status" in request) return request;
  const account = engine.store.get("accounts", query.get("account") ?? "");
  return account ? consentPage(engine, request, account) : accountsPage(engine, request);
}

/** POST /authorize: the answer of the person. */
export function decide(engine: Engine, form: URLSearchParams): Answer {
  const request = readRequest(engine, form);
  if ("status" in request) return request;
  const account = engine.store.get("accounts", form.get("account") ?? "");
  if (!account) return accountsPage(engine, request);
  const back = new URL(request.redirectUri);
  if (request.state !== null) back.searchParams.set("state", request.state);
  if (form.get("decision") !== "allow") {
    back.searchParams.set("error", "access_denied");
    back.searchParams.set("error_description", "User did not authorize the request");
    return seeOther(back.href);
  }
  const usable = sitesOf(engine, account).map(({ id }) => id);
  const grant = consent(engine, request.client.id, account.id, form.getAll("site").filter((id) => usable.includes(id)), request.scopes);
  const code = randomBytes(180).toString("base64url");
  engine.store.put("codes", { id: code, grantId: grant.id, redirectUri: request.redirectUri, expiresAt: engine.clock.life() + codeLifeMs, used: false });
  back.searchParams.set("code", code);
  return seeOther(back.href);
}

export const sitesOf = (engine: Engine, account: Account): Site[] => engine.store.all("sites").filter(({ members }) => members.includes(account.id));

/** Who asks wrongly is never redirected to: the address could be anybody's. */
function readRequest(engine: Engine, query: URLSearchParams): Request | Answer {
  const client = engine.store.get("clients", query.get("client_id") ?? "");
  if (!client) return refusal("unauthorized_client", "No application has this client id.");
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!client.redirectUris.includes(redirectUri)) {
    return refusal("unauthorized_client", `Callback URL mismatch. ${redirectUri || "(none)"} is not in the list of allowed callback URLs`);
  }
  if (query.get("response_type") !== "code") return refusal("unsupported_response_type", "response_type must be code.");
  if (query.get("audience") !== "api.atlassian.com") return refusal("invalid_request", "audience must be api.atlassian.com.");
  const scopes = (query.get("scope") ?? "").split(/\s+/).filter((scope) => scope !== "");
  const unknown = scopes.filter((scope) => !(scope in knownScopes));
  if (scopes.length === 0 || unknown.length > 0) return refusal("invalid_scope", unknown.length > 0 ? `Unknown scopes: ${unknown.join(", ")}` : "No scope was asked for.");
  const carried = new URLSearchParams();
  for (const name of askedFor) for (const value of query.getAll(name).slice(0, 1)) carried.set(name, value);
  return { client, redirectUri, state: query.get("state"), scopes: [...new Set(scopes)], query: carried };
}

const refusal = (error: string, description: string): Answer =>
  page("Something went wrong", markup`<section class="narrow card">
    <h1>Something went wrong</h1>
    <p>The application that sent you here asked for access in a way that cannot be granted.</p>
    <dl class="facts"><dt>error</dt><dd data-error>${error}</dd><dt>error_description</dt><dd>${description}</dd></dl>
    <p class="quiet">You are not sent back: the address may not be the application’s.</p>
  </section>`, { status: 403 });

const accountsPage = (engine: Engine, { client, query }: Request): Answer =>
  page("Log in", markup`<section class="narrow card">
    <h1>Who are you?</h1>
    <p>Choose the Atlassian account to continue to <strong>${client.name}</strong>. Nobody here has a password.</p>
    <ul class="rows">${engine.store.all("accounts").map((account) => {
      const link = new URLSearchParams(query);
      link.set("account", account.id);
      const sites = sitesOf(engine, account);
      return markup`<li><a class="row" href="/authorize?${link.toString()}"><strong>${account.name}</strong>
        <span class="quiet">${account.email} · ${sites.length === 0 ? "no site" : sites.map(({ name }) => name).join(", ")}</span></a></li>`;
    })}</ul>
  </section>`);

function consentPage(engine: Engine, request: Request, account: Account): Answer {
  const { client, query, scopes, redirectUri } = request;
  const sites = sitesOf(engine, account);
  const granted = grantOf(engine, client.id, account.id);
  return page("Authorize", markup`<section class="narrow card">
    <h1>${client.name} wants to use your Atlassian account</h1>
    <p>Signed in as <strong>${account.name}</strong>, ${account.email}. <a href="/authorize?${query.toString()}">Someone else?</a></p>
    <form method="post" action="/authorize">
      ${[...query].map(([name, value]) => hidden(name, value))}
      ${hidden("account", account.id)}
      <fieldset><legend>It will be able to</legend><ul class="scopes">${scopes.map((scope) => markup`<li>${knownScopes[scope]} <code>${scope}</code></li>`)}</ul></fieldset>
      <fieldset><legend>On these sites</legend>
        ${sites.length === 0 ? markup`<p>This account may use no Jira site. You can still allow it; the application will find none.</p>` : ""}
        ${sites.map((site) => markup`<label class="choice"><input type="checkbox" name="site" value="${site.id}" checked /> <span>${site.name}
          <span class="quiet">${siteUrl(engine, site)}${granted?.siteIds.includes(site.id) ? " · already allowed" : ""}</span></span></label>`)}
      </fieldset>
      <div class="actions">
        <button class="button" name="decision" value="deny">Cancel</button>
        <button class="button primary" name="decision" value="allow">Accept</button>
      </div>
    </form>
  </section>`, { formTarget: new URL(redirectUri).origin });
}

export const hidden = (name: string, value: string): Markup => markup`<input type="hidden" name="${name}" value="${value}" />`;

export const siteUrl = (engine: Engine, site: Site): string => `${engine.baseUrl}/sites/${site.slug}`;
