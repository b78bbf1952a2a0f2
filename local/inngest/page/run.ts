import { runDetail, type CallDetail, type RunDetail, type StepDetail } from "../queries";
import type { Context, Reply } from "../context";
import { html, type Part } from "./html";
import { errorBlock, folded, page, pretty, status, time } from "./layout";

const KINDS: Record<string, string> = {
  StepRun: "step",
  StepPlanned: "step in parallel",
  StepFailed: "step",
  Sleep: "sleep",
  WaitForEvent: "wait for an event",
  WaitForSignal: "wait for a signal",
  InvokeFunction: "invocation",
};

export async function runPage(context: Context, id: string): Promise<Reply> {
  const run = await runDetail(context.database.sql, id);
  if (!run) return page(context, "No such run", "/", html`<p>It may have been pruned. <a href="/">All runs</a></p>`, 404);
  const active = run.status === "queued" || run.status === "running";
  const content = html`<div${active ? html` data-live` : ""}>
<p>${status(run.status)} ${run.cancelReason && html`<span class="quiet">${run.cancelReason}</span>`}</p>
<dl>
  <dt>Run</dt><dd>${run.id}</dd>
  <dt>Made</dt><dd>${time(run.createdAt)} by ${run.cause}${run.replayOf && html` of <a href="/runs/${run.replayOf}">${run.replayOf}</a>`}${
    run.parentRun && html` from <a href="/runs/${run.parentRun}">${run.parentRun}</a>`
  }</dd>
  <dt>Started</dt><dd>${time(run.startedAt)}</dd>
  <dt>Ended</dt><dd>${time(run.endedAt)}</dd>
</dl>
<div class="actions">
  <form method="post" action="/runs/${run.id}/replay"><button>Replay</button></form>
  ${active && html`<form method="post" action="/runs/${run.id}/cancel"><button class="plain">Cancel</button></form>`}
</div>
${errorBlock(run.error)}
${run.status === "completed" && html`<h2>Output</h2><pre>${pretty(run.output)}</pre>`}
${nextCalls(run)}
<h2>Steps</h2>
${
  run.steps.length === 0
    ? html`<p class="quiet">None yet.</p>`
    : html`<ol class="cards">${run.steps.map((step) => stepCard(step, run.calls.filter(({ stepId }) => stepId === step.id)))}</ol>`
}
<h2>${run.events.length === 1 ? "Event" : `Events (${run.events.length})`}</h2>
<pre>${pretty(run.events.length === 1 ? run.events[0] : run.events)}</pre>
${callList("Calls", run.calls)}
</div>`;
  return page(context, run.functionId, "/", content);
}

function nextCalls(run: RunDetail): Part {
  if (run.jobs.length === 0) return null;
  const names = new Map(run.steps.map((step) => [step.id, step.name]));
  return html`<h2>Next</h2><ul class="cards">${run.jobs.map(
    (job) => html`<li class="card"><div class="row">
      <span>${names.get(job.stepId) ?? "the function"}</span>
      <span class="quiet">attempt ${job.attempt + 1}</span>
      <span>${job.underWay ? "under way" : time(job.dueAt)}</span></div>${errorBlock(job.lastError)}</li>`,
  )}</ul>`;
}

function stepCard(step: StepDetail, calls: CallDetail[]): Part {
  return html`<li class="card">
  <div class="row"><span><strong>${step.name}</strong> <span class="quiet">${KINDS[step.op] ?? step.op}</span></span>${status(step.status)}<span>${time(step.endedAt ?? step.createdAt)}</span></div>
  ${step.status === "pending" && waiting(step)}
  ${step.childRun && html`<div>Run <a href="/runs/${step.childRun}">${step.childRun}</a></div>`}
  ${step.status === "done" && step.output !== null && folded(`output-${step.id}`, "Result", step.output)}
  ${errorBlock(step.error)}
  ${calls.length > 1 && html`<div class="quiet">${calls.length} attempts</div>`}
</li>`;
}

function waiting(step: StepDetail): Part {
  return html`<div class="quiet">${step.waitEvent && html`for ${step.waitEvent}${step.waitIf && html` if <code>${step.waitIf}</code>`} `}${
    step.signal && html`for the signal ${step.signal} `
  }${step.dueAt && html`until ${time(step.dueAt)}`}</div>`;
}

function callList(title: string, calls: CallDetail[]): Part {
  if (calls.length === 0) return null;
  return html`<details id="calls"><summary>${title} (${calls.length})</summary><ol class="cards">${calls.map(
    (call) => html`<li class="card"><div class="row"><span>${call.outcome} <span class="quiet">attempt ${call.attempt + 1}</span></span>
      <span>${time(call.startedAt)}</span><span class="quiet">${call.endedAt.getTime() - call.startedAt.getTime()} ms</span></div>
      ${errorBlock(call.error)}</li>`,
  )}</ol></details>`;
}
