import { seeOther, Answer } from "../http";
import { adminHooks, adminHookSchema, saveAdminHook } from "../webhooks/admin";
import { issueEvents, otherEvents } from "../webhooks/events";
import type { AdminHook, DynamicHook, Site } from "../world/entities";
import { markup, type Markup } from "./markup";
import { pathOf, refusalOf, show, siteOfVisit, when, wordsOf, type Visit } from "./visit";

const usual = ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created"];

/** `/sites/{site}/webhooks[/{id}]`: what Jira has under Settings > System > WebHooks. */
export async function webhooksPage(visit: Visit): Promise<Answer> {
  const site = siteOfVisit(visit);
  const id = visit.path[3];
  const hook = id === undefined ? null : (adminHooks(visit.engine, site).find((one) => one.id === id) ?? null);
  if (id !== undefined && !hook) return seeOther(pathOf(site, "/webhooks"));
  let problem: string | null = null;
  if (visit.form) {
    const done = await refusalOf(() => change(visit, site, hook));
    if (done.status === 303) return done;
    problem = wordsOf(done.body);
  }
  return show(visit, `Webhooks of ${site.name}`, hook ? editView(visit, site, hook) : listView(visit, site), problem);
}

function change(visit: Visit, site: Site, hook: AdminHook | null): Answer {
  const { engine, account, form } = visit;
  if (!site.admins.includes(account.id)) throw new Answer(403, { message: `${account.name} is no administrator of ${site.name}. Choose someone who is, above.` });
  if (form?.get("act") === "delete" && hook) engine.store.remove("hooks", hook.id);
  else {
    const secret = form?.get("secret")?.trim() ?? "";
    const parsed = adminHookSchema.safeParse({
      name: form?.get("name") ?? "",
      url: form?.get("url")?.trim() ?? "",
      events: form?.getAll("events") ?? [],
      jql: form?.get("jql") ?? "",
      excludeBody: form?.has("excludeBody") ?? false,
      enabled: form?.has("enabled") ?? false,
      // What is not typed again stays; it is never shown.
      ...(secret !== "" || !hook ? { secret } : form?.has("forgetSecret") ? { secret: null } : {}),
    });
    if (!parsed.success) throw new Answer(422, { message: parsed.error.issues.map(({ message }) => message).join(" ") });
    saveAdminHook(engine, site, account, parsed.data, hook);
  }
  return seeOther(pathOf(site, "/webhooks"));
}

function listView(visit: Visit, site: Site): Markup {
  const { engine } = visit;
  const admin = adminHooks(engine, site);
  const dynamic = engine.store.all("hooks").filter((hook): hook is DynamicHook => hook.kind === "dynamic" && hook.siteId === site.id);
  return markup`<h1>Webhooks of ${site.name}</h1>
    <div class="columns">
      <section class="card"><h2>Made by administrators</h2><ul class="rows" data-region="admin">${admin.map((hook) => markup`<li><a class="row" href="${pathOf(site, `/webhooks/${hook.id}`)}">
        <span class="line"><strong>${hook.name}</strong><span class="badge">${hook.enabled ? (hook.secret === null ? "unsigned" : "signed") : "off"}</span></span>
        <span class="mono">${hook.url}</span><span class="quiet">${hook.events.length} events${hook.jql ? ` · ${hook.jql}` : ""}${hook.failingSince === null ? "" : " · failing"}</span></a></li>`)}</ul>
        ${admin.length === 0 && markup`<p class="quiet">None yet. Paste the address and the secret that the app shows into the form.</p>`}
      </section>
      <section class="card"><h2>Registered by applications</h2><ul class="rows" data-region="dynamic">${dynamic.map((hook) => markup`<li>
        <span class="line"><strong>${hook.id}</strong>${hook.expiresAt <= engine.clock.life() && markup`<span class="badge lost">expired</span>`}</span><span class="mono">${hook.url}</span>
        <span class="quiet">${hook.jql} · ${hook.events.join(", ")} · by ${engine.store.get("accounts", hook.accountId)?.name ?? ""} · until ${when(engine.clock.told(hook.expiresAt))}</span></li>`)}</ul>
        ${dynamic.length === 0 && markup`<p class="quiet">None. An application with the scope manage:jira-webhook registers them by itself.</p>`}
      </section>
      <section class="card"><h2>Create a webhook</h2>${hookForm(visit, null)}</section>
    </div>`;
}

const editView = (visit: Visit, site: Site, hook: AdminHook): Markup => markup`<p class="quiet"><a href="${pathOf(site, "/webhooks")}">Webhooks of ${site.name}</a></p><h1>${hook.name}</h1>
  <section class="card">${hookForm(visit, hook)}</section>
  <section class="card"><form method="post" data-confirm="Delete ${hook.name}?"><input type="hidden" name="act" value="delete" /><div class="actions"><button class="button danger">Delete this webhook</button></div></form></section>`;

function hookForm({ form }: Visit, hook: AdminHook | null): Markup {
  const text = (name: "name" | "url" | "jql"): string => form?.get(name) ?? hook?.[name] ?? "";
  const chosen = form?.getAll("events") ?? hook?.events ?? usual;
  const ticked = (name: "enabled" | "excludeBody", otherwise: boolean): boolean => (form ? form.has(name) : (hook?.[name] ?? otherwise));
  const box = (name: string, value: string, label: string | Markup, checked: boolean): Markup => markup`<label class="choice"><input type="checkbox" name="${name}" value="${value}"${checked ? markup` checked` : ""} /> <span>${label}</span></label>`;
  const events = (list: readonly string[]): Markup => markup`<div class="choices">${list.map((event) => box("events", event, markup`${wordsFor(event)} <code class="quiet">${event}</code>`, chosen.includes(event)))}</div>`;
  return markup`<form method="post">
    <label class="field">Name<input name="name" required value="${text("name")}" /></label>
    <label class="field">URL<input name="url" type="url" required spellcheck="false" value="${text("url")}" /></label>
    <label class="field">Secret${hook?.secret ? " (leave empty to keep the one there is)" : ""}<input name="secret" autocomplete="off" spellcheck="false" value="${form?.get("secret") ?? ""}" /></label>
    ${hook?.secret && box("forgetSecret", "on", "Remove the secret", false)}
    <label class="field">JQL<input name="jql" spellcheck="false" placeholder="project = MOIM" value="${text("jql")}" /></label>
    <fieldset><legend>Events</legend>${events(issueEvents)}<details><summary>Everything else</summary>${events(otherEvents)}</details></fieldset>
    ${box("excludeBody", "on", "Exclude the body", ticked("excludeBody", false))}${box("enabled", "on", "Enabled", ticked("enabled", true))}
    <div class="actions"><button class="button primary">${hook ? "Save" : "Create"}</button></div>
  </form>`;
}

const subjects: Record<string, string> = { issuelink: "Issue link", issuetype: "Issue type", issue_property: "Issue property" };

/** As Jira's own page calls it: `Issue link: created`. */
function wordsFor(event: string): string {
  const [, subject = "", verb = ""] = /^(?:jira:)?(issue_property|[a-z]+)_?(.*)$/.exec(event) ?? [];
  return `${subjects[subject] ?? `${subject.slice(0, 1).toUpperCase()}${subject.slice(1)}`}: ${verb.replaceAll("_", " ")}`;
}
