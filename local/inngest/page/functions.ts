import { listFunctions, type FunctionDetail } from "../queries";
import type { Context, Reply } from "../context";
import { html, type Part } from "./html";
import { folded, page, time } from "./layout";

export async function functionsPage(context: Context): Promise<Reply> {
  const functions = await listFunctions(context.database.sql);
  const content =
    functions.length === 0
      ? html`<p class="quiet">None yet: they appear when the application answers${context.sync && ` at ${context.sync.url}`}.</p>`
      : html`<ul class="cards">${functions.map(card)}</ul>`;
  return page(context, "Functions", "/functions", content);
}

function card(fn: FunctionDetail): Part {
  const { id: _id, name: _name, steps: _steps, triggers, ...options } = fn.config;
  return html`<li class="card">
  <div class="row"><span><a href="/?function=${encodeURIComponent(fn.id)}">${fn.name}</a><br><span class="quiet">${fn.id}</span></span>
    ${!fn.active && html`<span class="status inactive">not registered now</span>`}</div>
  <div>${(Array.isArray(triggers) ? (triggers as unknown[]) : []).map((trigger) => html`<div class="quiet">${describe(trigger)}</div>`)}
  ${Array.isArray(triggers) && triggers.length === 0 && html`<div class="quiet">by invocation</div>`}
  ${fn.nextTickAt && html`<div class="quiet">next ${time(fn.nextTickAt)}</div>`}</div>
  ${Object.keys(options).length > 0 && folded(`config-${fn.id}`, "Options", options)}
</li>`;
}

function describe(trigger: unknown): string {
  const { event, cron, expression, jitter } = trigger as { event?: string; cron?: string; expression?: string; jitter?: string };
  if (cron) return `cron ${cron}${jitter ? ` (jitter ${jitter})` : ""}`;
  return `event ${event ?? ""}${expression ? ` if ${expression}` : ""}`;
}
