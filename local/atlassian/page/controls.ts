import { callControl } from "../control/api";
import { seeOther, type Answer } from "../http";
import { adminEvents } from "../webhooks/events";
import { markup, type Markup } from "./markup";
import { option, refusalOf, show, when, wordsOf, type Visit } from "./visit";

/** What each form of the page asks of the control API. */
const acts: Record<string, (form: URLSearchParams) => [method: string, what: string, body?: unknown]> = {
  settings: (form) => ["POST", "settings", {
    ...numbers(form, "accessTokenSeconds", "refreshLeewaySeconds", "expiredTokenStatus", "retrySpeed", "responseTimeoutMs"),
    refreshFailure: form.get("refreshFailure") ?? undefined,
    outage: form.get("outage") ?? undefined,
  }],
  clock: (form) => ["POST", "clock", { advanceSeconds: Number(form.get("advanceSeconds")) }],
  answer: (form) => ["POST", "answers", { match: form.get("match") ?? "", kind: form.get("kind"), ...numbers(form, "count", "status", "delayMs", "retryAfterSeconds") }],
  "clear-answers": () => ["DELETE", "answers"],
  delivery: (form) => ["POST", "delivery-rules", { kind: form.get("kind"), ...numbers(form, "count", "copies", "delayMs") }],
  "clear-deliveries": () => ["DELETE", "delivery-rules"],
  fire: (form) => ["POST", "fire", { site: form.get("site"), event: form.get("event"), ...numbers(form, "count", "copies") }],
  revoke: (form) => ["POST", "revoke", { account: form.get("account"), client: form.get("client") }],
  uninstall: (form) => ["POST", "uninstall", { site: form.get("site") }],
  reset: () => ["POST", "reset"],
};

const numbers = (form: URLSearchParams, ...names: string[]): Record<string, number> =>
  Object.fromEntries(names.flatMap((name) => (form.get(name) ? [[name, Number(form.get(name))]] : [])));

export async function controlsPage(visit: Visit): Promise<Answer> {
  let problem: string | null = null;
  const act = acts[visit.form?.get("act") ?? ""];
  if (visit.form && act) {
    const [method, what, body] = act(visit.form);
    const done = await refusalOf(() => callControl(visit.engine, method, what, body));
    if (done.status < 400) return seeOther("/controls");
    problem = wordsOf(done.body);
  }
  return show(visit, "Controls", markup`<h1>What goes wrong on purpose</h1><div class="columns">${clockCard(visit)}${settingsCard(visit)}${answersCard(visit)}${deliveriesCard(visit)}${fireCard(visit)}${grantsCard(visit)}${resetCard()}</div>`, problem);
}

const formOf = (act: string, fields: Markup, label: string, danger = ""): Markup =>
  markup`<form method="post"${danger && markup` data-confirm="${danger}"`}><input type="hidden" name="act" value="${act}" />${fields}<div class="actions"><button class="button${danger ? " danger" : ""}">${label}</button></div></form>`;

const number = (name: string, label: string, value: number | string, step = "1"): Markup => markup`<label class="field">${label}<input name="${name}" type="number" min="0" step="${step}" value="${value}" /></label>`;

const choose = (name: string, label: string, list: readonly (readonly [string, string])[], value = ""): Markup =>
  markup`<label class="field">${label}<select name="${name}">${list.map(([key, text]) => option(key, text, key === value))}</select></label>`;

const clockCard = ({ engine }: Visit): Markup => markup`<section class="card"><h2>Clock</h2><p class="quiet">Codes, tokens, webhooks and retries see ${when(engine.clock.life())}. Issues keep the true time.</p>
  ${formOf("clock", choose("advanceSeconds", "Move it ahead by", [["600", "10 minutes"], ["3600", "an hour: access tokens expire"], ["86400", "a day"], ["2592000", "30 days: webhooks expire"], ["7776000", "90 days: grants expire"]]), "Move")}</section>`;

function settingsCard({ engine }: Visit): Markup {
  const now = engine.store.settings();
  return markup`<section class="card"><h2>Settings</h2>${formOf("settings", markup`<div class="fields">
    ${choose("outage", "Atlassian", [["off", "answers"], ["unavailable", "says 503"], ["unreachable", "cuts connections"]], now.outage)}
    ${number("accessTokenSeconds", "Access tokens live, s", now.accessTokenSeconds)}
    ${choose("expiredTokenStatus", "Expired tokens get", [["401", "401"], ["403", "403"], ["404", "404"]], String(now.expiredTokenStatus))}
    ${number("refreshLeewaySeconds", "Leeway of a rotated token, s", now.refreshLeewaySeconds)}
    ${choose("refreshFailure", "A bad refresh token gets", [["invalid_grant", "invalid_grant"], ["unauthorized_client", "unauthorized_client"]], now.refreshFailure)}
    ${number("retrySpeed", "Retries come so much faster", now.retrySpeed, "any")}
    ${number("responseTimeoutMs", "Time to answer a webhook, ms", now.responseTimeoutMs)}</div>`, "Save")}</section>`;
}

const answersCard = ({ engine }: Visit): Markup => markup`<section class="card"><h2>The next calls</h2>
  <ul class="rows">${engine.answers.list().map((rule) => markup`<li>${rule.left} × ${rule.kind} ${rule.kind === "status" ? String(rule.status) : ""} on ${rule.match || "everything"}</li>`)}</ul>
  ${formOf("answer", markup`<div class="fields">${choose("kind", "Answer", [["rate-limit", "429"], ["unavailable", "503"], ["slow", "slowly"], ["reset", "cut before"], ["lose", "cut after it was done"], ["status", "this status"]])}
    <label class="field">Path holds<input name="match" placeholder="everything" spellcheck="false" /></label>${number("count", "How often", 1)}${number("retryAfterSeconds", "Retry after, s", 1)}${number("delayMs", "Delay, ms", 0)}${number("status", "Status", 500)}</div>`, "Add")}
  ${engine.answers.list().length > 0 && formOf("clear-answers", markup``, "Forget them")}</section>`;

const deliveriesCard = ({ engine }: Visit): Markup => markup`<section class="card"><h2>The next deliveries</h2>
  <ul class="rows">${engine.deliveryRules.list().map((rule) => markup`<li>${rule.left} × ${rule.kind}</li>`)}</ul>
  ${formOf("delivery", markup`<div class="fields">${choose("kind", "Are", [["duplicate", "sent twice"], ["drop", "dropped"], ["delay", "delayed"], ["hold", "held"], ["reorder", "turned round"]])}${number("count", "How many", 1)}${number("copies", "Copies", 1)}${number("delayMs", "Delay, ms", 60_000)}</div>`, "Add")}
  ${engine.deliveryRules.list().length > 0 && formOf("clear-deliveries", markup``, "Forget them")}</section>`;

const fireCard = ({ engine }: Visit): Markup => markup`<section class="card"><h2>Tell of what did not happen</h2>
  ${formOf("fire", markup`<div class="fields">${choose("site", "Site", engine.store.all("sites").map(({ slug, name }) => [slug, name] as const))}${choose("event", "Event", adminEvents.map((event) => [event, event] as const))}
    ${number("count", "Different ones", 1)}${number("copies", "Of each, copies", 1)}</div>`, "Fire")}</section>`;

const grantsCard = ({ engine }: Visit): Markup => markup`<section class="card"><h2>Grants</h2><ul class="rows">${engine.store.all("grants").filter(({ revoked }) => !revoked).map((grant) => {
  const account = engine.store.get("accounts", grant.accountId);
  const client = engine.store.get("clients", grant.clientId);
  return markup`<li><div class="line"><span><strong>${account?.name}</strong> to ${client?.name}</span>
    <form method="post" data-confirm="Remove the access of ${client?.name ?? ""}?"><input type="hidden" name="act" value="revoke" /><input type="hidden" name="account" value="${grant.accountId}" /><input type="hidden" name="client" value="${grant.clientId}" /><button class="button danger">Remove access</button></form></div>
    <span class="quiet">${grant.siteIds.map((id) => engine.store.get("sites", id)?.name ?? id).join(", ") || "no site"} · ${grant.scopes.join(" ")}</span></li>`;
})}</ul>${engine.store.all("grants").every(({ revoked }) => revoked) && markup`<p class="quiet">No application has access. Connect Jira in the app.</p>`}
  ${formOf("uninstall", choose("site", "From site", engine.store.all("sites").map(({ slug, name }) => [slug, name] as const)), "Uninstall the app", "Uninstall the app from this site?")}</section>`;

const resetCard = (): Markup => markup`<section class="card"><h2>Begin anew</h2><p class="quiet">Forgets every grant, webhook, delivery and change, and makes the first world again.</p>${formOf("reset", markup``, "Reset everything", "Forget everything and begin anew?")}</section>`;
