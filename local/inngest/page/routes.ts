import { readText } from "../body";
import { cancelRun, ControlRefused, replayRun } from "../control";
import { EventRefused, readEvents } from "../ingest";
import type { Context, Reply, Request } from "../context";
import { CSS, SCRIPT } from "./assets";
import { eventsPage } from "./events";
import { functionsPage } from "./functions";
import { html } from "./html";
import { page, redirect } from "./layout";
import { runPage } from "./run";
import { runsPage } from "./runs";

const RUN = /^\/runs\/([0-9A-Z]{26})(?:\/(cancel|replay))?$/;

/** The pages for people. A GET shows, a POST acts and leads back to a page. */
export async function answerPage(context: Context, request: Request): Promise<Reply | undefined> {
  const { method, path } = request;
  const [, runId, action] = RUN.exec(path) ?? [];
  if (method === "POST") {
    if (path === "/events") return sendTestEvent(context, request);
    return runId && action ? control(context, runId, action) : undefined;
  }
  if (method !== "GET" && method !== "HEAD") return undefined;
  if (runId && !action) return runPage(context, runId);
  switch (path) {
    case "/":
      return runsPage(context, request);
    case "/functions":
      return functionsPage(context);
    case "/events":
      return eventsPage(context, request);
    case "/page.css":
      return { status: 200, type: "text/css; charset=utf-8", body: CSS };
    case "/page.js":
      return { status: 200, type: "text/javascript; charset=utf-8", body: SCRIPT };
  }
  return undefined;
}

async function control({ database, registry, ...context }: Context, runId: string, action: string): Promise<Reply> {
  try {
    if (action === "replay") return redirect(`/runs/${await replayRun(database, registry, runId)}`);
    await cancelRun(database, registry, runId);
    return redirect(`/runs/${runId}`);
  } catch (error) {
    if (!(error instanceof ControlRefused)) throw error;
    const content = html`<p>${error.message}. <a href="/runs/${runId}">Back to the run</a></p>`;
    return page({ database, registry, ...context }, `Cannot ${action}`, "/", content, 409);
  }
}

async function sendTestEvent(context: Context, request: Request): Promise<Reply> {
  const form = new URLSearchParams(await readText(request.raw, 4 * 1024 * 1024));
  const name = form.get("name") ?? "";
  const data = form.get("data") ?? "";
  try {
    const events = readEvents({ name, data: JSON.parse(data || "{}") as unknown }, undefined, context.now());
    await context.store.store(events);
    return redirect("/events");
  } catch (error) {
    const problem = error instanceof EventRefused ? error.message : error instanceof SyntaxError ? `The data is not valid JSON: ${error.message}` : null;
    if (problem === null) throw error;
    return eventsPage(context, request, { name, data, problem });
  }
}
