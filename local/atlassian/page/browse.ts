import { isRecord, seeOther, type Answer } from "../http";
import { htmlOf, wikiOf } from "../jira/adf";
import { issueTypes, known, priorities, statuses } from "../jira/catalog";
import { moveIssue } from "../jira/changes";
import { transitionsFrom } from "../jira/represent";
import { maySee } from "../jql/asker";
import { find } from "../jql/evaluate";
import { JqlError } from "../jql/lexer";
import { parseJql } from "../jql/parser";
import { findIssue, visibleProjects } from "../rest/call";
import type { Account, Issue, Project, Site } from "../world/entities";
import { markup, ready, type Markup } from "./markup";
import { attempt, option, pathOf, show, siteOfVisit, when, type Visit } from "./visit";

const shownIssues = 100;

export function homePage(visit: Visit): Answer {
  const { engine, account } = visit;
  return show(visit, "Sites", markup`<h1>Jira on this machine</h1>
    <p class="quiet">Stands for Atlassian: consent, tokens, Jira’s REST API and webhooks. What you change here reaches the app as it would from Jira Cloud.</p>
    <div class="columns" data-region="sites">${engine.store.all("sites").map((site) => siteCard(visit, site, site.members.includes(account.id)))}</div>`);
}

function siteCard(visit: Visit, site: Site, isMember: boolean): Markup {
  return markup`<section class="card"><div class="line"><h2><a href="${pathOf(site)}">${site.name}</a></h2><a href="${pathOf(site, "/webhooks")}">Webhooks</a></div>
    ${isMember ? markup`<ul class="rows">${visibleProjects({ ...visit, site }).map((project) => projectRow(visit, site, project))}</ul>` : markup`<p>${visit.account.name} may not use this site. Choose someone else above.</p>`}
  </section>`;
}

const issuesIn = ({ engine }: Visit, project: Project): Issue[] => engine.store.all("issues").filter(({ projectId }) => projectId === project.id);

const projectRow = (visit: Visit, site: Site, project: Project): Markup =>
  markup`<li><a class="row" href="${pathOf(site, `/projects/${project.key}`)}"><strong>${project.name}</strong><span class="quiet">${project.key} · ${issuesIn(visit, project).length} issues</span></a></li>`;

export function sitePage(visit: Visit): Answer {
  const site = siteOfVisit(visit);
  const jql = visit.url.searchParams.get("jql")?.trim() ?? "";
  const { problem, issues } = searched(visit, site, jql);
  return show(visit, site.name, markup`<h1>${site.name}</h1>
    <form method="get" class="inline"><label class="field">JQL<input name="jql" value="${jql}" placeholder="assignee = currentUser() AND statusCategory != Done ORDER BY updated DESC" spellcheck="false" /></label><button class="button">Search</button></form>
    ${issues && markup`<section class="card"><h2>${issues.length} found</h2>${issueList(visit, site, issues)}</section>`}
    <div class="columns">${siteCard(visit, site, site.members.includes(visit.account.id))}</div>`, problem);
}

function searched({ engine, account }: Visit, site: Site, jql: string): { problem: string | null; issues: Issue[] | null } {
  if (jql === "") return { problem: null, issues: null };
  try {
    return { problem: null, issues: find(parseJql(jql), { store: engine.store, siteId: site.id, account, now: engine.clock.now() }) };
  } catch (error) {
    if (error instanceof JqlError) return { problem: error.message, issues: null };
    throw error;
  }
}

function issueList({ engine }: Visit, site: Site, issues: Issue[]): Markup {
  if (issues.length === 0) return markup`<p class="quiet">No issues. The form makes the first one.</p>`;
  return markup`<ul class="rows">${issues.slice(0, shownIssues).map((issue) => markup`<li><a class="row" href="${pathOf(site, `/browse/${issue.key}`)}">
    <span class="line"><span><span class="quiet">${issue.key}</span> ${issue.summary}</span>${statusBadge(issue)}</span>
    <span class="quiet">${engine.store.get("accounts", issue.assigneeId ?? "")?.name ?? "Unassigned"}</span></a></li>`)}</ul>`;
}

function statusBadge(issue: Issue): Markup {
  const { name, category } = known(statuses, issue.statusId);
  return markup`<span class="badge ${category}" data-status>${name}</span>`;
}

/** POST creates an issue. */
export async function projectPage(visit: Visit): Promise<Answer> {
  const site = siteOfVisit(visit);
  const project = visibleProjects({ ...visit, site }).find(({ key }) => key === visit.path[3]);
  if (!project || !site.members.includes(visit.account.id)) return notFound(visit);
  let problem: string | null = null;
  if (visit.form) {
    const made = await attempt(visit, site, "POST", ["issue"], { fields: { project: { key: project.key }, ...fieldsOf(visit.form) } });
    problem = made.problem;
    if (problem === null && isRecord(made.body)) return seeOther(pathOf(site, `/browse/${String(made.body.key)}`));
  }
  const issues = issuesIn(visit, project).toSorted((a, b) => b.updated - a.updated);
  return show(visit, project.name, markup`<h1>${project.name} <span class="quiet">${project.key}</span></h1>
    <div class="columns">
      <section class="card" data-region="issues"><h2>Issues</h2>${issueList(visit, site, issues)}</section>
      <section class="card"><h2>Create an issue</h2><form method="post">${issueFields(visit, site, project, null)}<div class="actions"><button class="button primary">Create</button></div></form></section>
    </div>`, problem);
}

const assignees = ({ engine }: Visit, site: Site, project: Project): Account[] => engine.store.all("accounts").filter(({ id }) => site.members.includes(id) && maySee(project, id));

/** What was sent stays in the form when it is refused. */
function issueFields(visit: Visit, site: Site, project: Project, issue: Issue | null): Markup {
  const { form } = visit;
  const value = (name: string, otherwise: string): string => form?.get(name) ?? otherwise;
  const [type, priority, assignee] = [value("type", issue?.typeId ?? "10002"), value("priority", issue?.priorityId ?? "3"), value("assignee", issue?.assigneeId ?? "")];
  return markup`<label class="field">Summary<input name="summary" required maxlength="255" value="${value("summary", issue?.summary ?? "")}" /></label>
    <div class="fields">
      <label class="field">Type<select name="type">${issueTypes.filter(({ subtask }) => !subtask || issue?.parentId).map(({ id, name }) => option(id, name, id === type))}</select></label>
      <label class="field">Priority<select name="priority">${priorities.map(({ id, name }) => option(id, name, id === priority))}</select></label>
      <label class="field">Assignee<select name="assignee">${option("", "Nobody", assignee === "")}${assignees(visit, site, project).map(({ id, name }) => option(id, name, id === assignee))}</select></label>
      <label class="field">Labels<input name="labels" value="${value("labels", issue?.labels.join(" ") ?? "")}" /></label>
    </div>
    <label class="field">Description<textarea name="description">${value("description", wikiOf(issue?.description ?? null))}</textarea></label>`;
}

function fieldsOf(form: URLSearchParams): Record<string, unknown> {
  const text = (name: string): string => form.get(name)?.trim() ?? "";
  return {
    summary: text("summary"),
    issuetype: { id: text("type") },
    priority: { id: text("priority") },
    assignee: text("assignee") === "" ? null : { accountId: text("assignee") },
    labels: text("labels").split(/\s+/).filter(Boolean),
    description: text("description"),
  };
}

const notFound = (visit: Visit): Answer => show(visit, "Not found", markup`<section class="card"><h1>Nothing here</h1><p>It does not exist, or ${visit.account.name} may not see it.</p></section>`, "Issue does not exist or you do not have permission to see it.");

/** POST does what its `act` says. */
export async function issuePage(visit: Visit): Promise<Answer> {
  const site = siteOfVisit(visit);
  const before = site.members.includes(visit.account.id) ? findIssue({ ...visit, site }, visit.path[3] ?? "") : null;
  if (!before) return notFound(visit);
  if (before.key !== visit.path[3]) return seeOther(pathOf(site, `/browse/${before.key}`));
  let problem: string | null = null;
  if (visit.form) {
    const done = await act(visit, site, before, visit.form);
    problem = done.problem;
    if (problem === null) return seeOther(done.next);
  }
  const { engine } = visit;
  const issue = engine.store.get("issues", before.id) ?? before;
  const project = engine.store.get("projects", issue.projectId);
  if (!project) return notFound(visit);
  const nameOf = (id: string | null): string => engine.store.get("accounts", id ?? "")?.name ?? "Nobody";
  const others = visibleProjects({ ...visit, site }).filter(({ id }) => id !== project.id);
  return show(visit, `${issue.key} ${issue.summary}`, markup`<p class="quiet"><a href="${pathOf(site)}">${site.name}</a> / <a href="${pathOf(site, `/projects/${project.key}`)}">${project.name}</a> / ${issue.key}</p>
    <div data-region="head"><h1>${issue.summary}</h1></div>
    <div class="columns">
      <section class="card" data-region="facts">
        <div class="line"><h2>${known(issueTypes, issue.typeId).name}</h2>${statusBadge(issue)}</div>
        <form method="post" class="inline"><input type="hidden" name="act" value="transition" />${transitionsFrom(issue.statusId).map(({ id, name }) => markup`<button class="button" name="transition" value="${id}">${name}</button>`)}</form>
        <dl class="facts"><dt>Assignee</dt><dd data-assignee>${nameOf(issue.assigneeId)}</dd><dt>Reporter</dt><dd>${nameOf(issue.reporterId)}</dd><dt>Priority</dt><dd>${known(priorities, issue.priorityId).name}</dd>
          <dt>Labels</dt><dd>${issue.labels.join(", ") || "none"}</dd><dt>Created</dt><dd>${when(issue.created)}</dd><dt>Updated</dt><dd>${when(issue.updated)}</dd></dl>
        <div class="prose">${ready(htmlOf(issue.description))}</div>
      </section>
      <section class="card"><h2>Edit</h2><form method="post"><input type="hidden" name="act" value="edit" />${issueFields(visit, site, project, issue)}<div class="actions"><button class="button primary">Save</button></div></form></section>
      <section class="card"><h2>Comments</h2>
        <ul class="rows" data-region="comments">${issue.comments.map((comment) => markup`<li><span class="line"><strong>${nameOf(comment.authorId)}</strong>${when(comment.created)}</span><div class="prose">${ready(htmlOf(comment.body))}</div></li>`)}</ul>
        <form method="post"><input type="hidden" name="act" value="comment" /><label class="field">Comment as ${visit.account.name}<textarea name="body" required></textarea></label><div class="actions"><button class="button">Comment</button></div></form>
      </section>
      <section class="card" data-region="history"><h2>History</h2>
        <ul class="rows">${issue.changelog.toReversed().map((history) => markup`<li><span class="line"><strong>${nameOf(history.authorId)}</strong>${when(history.created)}</span>
          <span>${history.items.map((item) => markup`<span class="quiet">${item.field}: ${item.fromString || "nothing"} → ${item.toString || "nothing"}</span><br />`)}</span></li>`)}</ul>
        ${issue.changelog.length === 0 && markup`<p class="quiet">Nothing has changed since it was made.</p>`}
      </section>
      <section class="card"><h2>Move or delete</h2>
        <form method="post" class="inline"><input type="hidden" name="act" value="move" /><label class="field">To project<select name="project">${others.map(({ id, name }) => option(id, name, false))}</select></label><button class="button">Move</button></form>
        <form method="post" data-confirm="Delete ${issue.key}?"><input type="hidden" name="act" value="delete" /><div class="actions"><button class="button danger">Delete</button></div></form>
      </section>
    </div>`, problem);
}

async function act(visit: Visit, site: Site, issue: Issue, form: URLSearchParams): Promise<{ problem: string | null; next: string }> {
  const here = pathOf(site, `/browse/${issue.key}`);
  const by = async (method: string, words: string[], body?: unknown) => ({ problem: (await attempt(visit, site, method, ["issue", issue.id, ...words], body)).problem, next: here });
  switch (form.get("act")) {
    case "transition":
      return by("POST", ["transitions"], { transition: { id: form.get("transition") ?? "" } });
    case "edit":
      return by("PUT", [], { fields: fieldsOf(form) });
    case "comment":
      return by("POST", ["comment"], { body: form.get("body")?.trim() ?? "" });
    case "delete":
      return { ...(await by("DELETE", [])), next: pathOf(site, `/projects/${issue.key.replace(/-\d+$/, "")}`) };
    case "move": {
      const project = visibleProjects({ ...visit, site }).find(({ id }) => id === form.get("project"));
      if (!project) return { problem: "Choose a project.", next: here };
      const moved = moveIssue({ engine: visit.engine, site, account: visit.account }, issue, project);
      return { problem: null, next: pathOf(site, `/browse/${moved.key}`) };
    }
    default:
      return { problem: "The page did not understand that.", next: here };
  }
}
