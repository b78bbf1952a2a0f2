import { listEvents } from "../queries";
import type { Context, Reply, Request } from "../context";
import { html } from "./html";
import { folded, page, status, time } from "./layout";

const EVENTS_A_PAGE = 50;

export interface Draft {
  name: string;
  data: string;
  problem: string;
}

export async function eventsPage(context: Context, { query }: Request, draft?: Draft): Promise<Reply> {
  const before = query.get("before") || undefined;
  const events = await listEvents(context.database.sql, { ...(before && { before }), limit: EVENTS_A_PAGE });
  const last = events.length === EVENTS_A_PAGE ? events.at(-1) : undefined;
  const content = html`
<details id="send"${draft ? html` open` : ""}><summary>Send a test event</summary>
<form class="stack" method="post" action="/events">
  ${draft && html`<p class="failed" role="alert">${draft.problem}</p>`}
  <label>Name <input name="name" required maxlength="256" value="${draft?.name ?? ""}" autocomplete="off"></label>
  <label>Data (JSON) <textarea name="data" spellcheck="false">${draft?.data ?? "{}"}</textarea></label>
  <button>Send</button>
</form></details>
<h2>Received</h2>
<div${before ? "" : html` data-live`}>
${
  events.length === 0
    ? html`<p class="quiet">None yet.</p>`
    : html`<ul class="cards">${events.map(
        (event) => html`<li class="card">
          <div class="row"><strong>${event.name}</strong><span>${time(event.receivedAt)}</span></div>
          ${event.runs.map((run) => html`<div><a href="/runs/${run.id}">${run.functionId}</a> ${status(run.status)}</div>`)}
          ${event.problem && html`<div class="failed">Set aside: ${event.problem}</div>`}
          ${folded(`event-${event.id}`, "Payload", event.payload)}
        </li>`,
      )}</ul>`
}
</div>
${last && html`<p><a href="/events?before=${last.id}">Older events</a></p>`}`;
  return page(context, "Events", "/events", content, draft ? 400 : 200);
}
