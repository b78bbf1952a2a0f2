import { z } from "zod";
import { BadBody, readJson } from "./body";
import { RegistrationRefused } from "./config";
import { EventRefused, readEvents } from "./ingest";
import { log } from "./log";
import { register } from "./register";
import { json, type Context, type Reply, type Request } from "./context";
import { sendSignal } from "./signals";

const MB = 1024 * 1024;
const signalSchema = z.object({ signal: z.string().min(1).max(512), data: z.unknown().optional() });

/** The part of Inngest's HTTP API that the SDK of an application calls. */
export async function answerSdk(context: Context, request: Request): Promise<Reply | undefined> {
  const { method, path } = request;
  if (method !== "POST") return undefined;
  if (path.startsWith("/e/") || path === "/e") return takeEvents(context, request);
  switch (path) {
    case "/fn/register":
      return takeRegistration(context, request);
    case "/v1/signals":
      return takeSignal(context, request);
    // Nobody can listen here (see below), so a publication has reached everyone there is.
    case "/v1/realtime/publish":
      return { status: 200 };
    case "/v1/realtime/token":
      return json(501, { error: "realtime subscriptions are not supported by this engine", status: 501 });
  }
  if (path.startsWith("/v1/checkpoint")) return json(501, { error: "checkpointing is not supported by this engine", status: 501 });
  return undefined;
}

async function takeEvents(context: Context, { raw }: Request): Promise<Reply> {
  const seed = raw.headers["x-inngest-event-id-seed"];
  try {
    const body = await readJson(raw, 32 * MB);
    const events = readEvents(body, Array.isArray(seed) ? seed[0] : seed, context.now());
    await context.store.store(events);
    return json(200, { ids: events.map(({ id }) => id), status: 200 });
  } catch (error) {
    const status = error instanceof BadBody ? error.status : error instanceof EventRefused ? 400 : undefined;
    if (status === undefined) throw error;
    return json(status, { ids: [""], status, error: error instanceof Error ? error.message : "" });
  }
}

async function takeRegistration(context: Context, { raw }: Request): Promise<Reply> {
  try {
    const { appId, modified } = await register(context.database, context.registry, await readJson(raw, 16 * MB));
    return json(200, { ok: true, status: 200, modified, app_id: appId, sync_id: appId, skipped: !modified });
  } catch (error) {
    if (!(error instanceof RegistrationRefused)) throw error;
    log("error", "registration refused", { problem: error.message });
    return json(400, { ok: false, status: 400, error: error.message });
  }
}

async function takeSignal(context: Context, { raw }: Request): Promise<Reply> {
  const parsed = signalSchema.safeParse(await readJson(raw, 4 * MB));
  if (!parsed.success) return json(400, { error: "a signal is 1 to 512 characters", status: 400 });
  const runId = await sendSignal(context.database, parsed.data.signal, parsed.data.data);
  return runId === undefined ? json(404, { error: "no run waits for this signal", status: 404 }) : json(200, { data: { run_id: runId } });
}
