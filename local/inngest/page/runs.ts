import { listFunctions, listRuns, RUN_STATUSES, type RunStatus } from "../queries";
import type { Context, Reply, Request } from "../context";
import { html } from "./html";
import { page, status, time } from "./layout";

const RUNS_A_PAGE = 50;

export async function runsPage(context: Context, { query }: Request): Promise<Reply> {
  const wanted = RUN_STATUSES.find((name) => name === query.get("status"));
  const functionId = query.get("function") || undefined;
  const before = query.get("before") || undefined;
  const [functions, runs] = await Promise.all([
    listFunctions(context.database.sql),
    listRuns(context.database.sql, {
      ...(wanted && { status: wanted }),
      ...(functionId && { functionId }),
      ...(before && { before }),
      limit: RUNS_A_PAGE,
    }),
  ]);
  const last = runs.length === RUNS_A_PAGE ? runs.at(-1) : undefined;
  const content = html`
<form class="bar" method="get" action="/">
  <label>Status <select name="status"><option value="">any</option>
    ${RUN_STATUSES.map((name) => html`<option${name === wanted ? html` selected` : ""}>${name}</option>`)}</select></label>
  <label>Function <select name="function"><option value="">any</option>
    ${functions.map(({ id }) => html`<option${id === functionId ? html` selected` : ""}>${id}</option>`)}</select></label>
  <button>Show</button>
</form>
<div${before ? "" : html` data-live`}>
${
  runs.length === 0
    ? html`<p class="quiet">No runs here. A run starts when an event that triggers a function comes in: send one under <a href="/events">Events</a>.</p>`
    : html`<ul class="cards">${runs.map(
        (run) => html`<li class="card row">
          <span><a href="/runs/${run.id}">${run.functionId}</a><br><span class="quiet">${run.eventName}${
            run.cause === "event" ? "" : ` · ${run.cause}`
          }</span></span>
          ${status(run.status)}
          <span>${time(run.createdAt)}</span>
          <span class="quiet">${duration(run.startedAt, run.endedAt)}</span>
        </li>`,
      )}</ul>`
}
</div>
${last && html`<p><a href="${older(wanted, functionId, last.id)}">Older runs</a></p>`}`;
  return page(context, "Runs", "/", content);
}

function older(wanted: RunStatus | undefined, functionId: string | undefined, before: string): string {
  return `/?${new URLSearchParams({ status: wanted ?? "", function: functionId ?? "", before }).toString()}`;
}

function duration(from: Date | null, to: Date | null): string {
  return from && to ? `${to.getTime() - from.getTime()} ms` : "";
}
