import { z } from "zod";
import { cancelRun, replayRun } from "./control";
import { backlog, listEvents, listFunctions, listRuns, runDetail, RUN_STATUSES } from "./queries";
import { json, type Context, type Reply, type Request } from "./context";

const limit = z.coerce.number().int().min(1).max(500).default(50);
const runsQuery = z.object({
  status: z.enum(RUN_STATUSES).optional(),
  function: z.string().optional(),
  event: z.string().optional(),
  before: z.string().optional(),
  limit,
});
const eventsQuery = z.object({ name: z.string().optional(), before: z.string().optional(), limit });

/** The engine's own JSON API: for tests, scripts and the start. */
export async function answerApi(context: Context, request: Request): Promise<Reply | undefined> {
  const { method, path } = request;
  const { database, registry } = context;
  const control = /^\/api\/runs\/([0-9A-Z]{26})\/(cancel|replay)$/.exec(path);
  if (control?.[1] && method === "POST") {
    if (control[2] === "cancel") {
      await cancelRun(database, registry, control[1]);
      return json(200, { id: control[1] });
    }
    return json(201, { id: await replayRun(database, registry, control[1]) });
  }
  if (method !== "GET") return undefined;
  const query = Object.fromEntries([...request.query].filter(([, value]) => value !== ""));
  switch (path) {
    case "/health":
      return health(context);
    case "/api/functions":
      return json(200, { functions: await listFunctions(database.sql) });
    case "/api/runs": {
      const parsed = runsQuery.safeParse(query);
      if (!parsed.success) return badQuery(parsed.error);
      const { function: functionId, event: eventId, ...rest } = parsed.data;
      const runs = await listRuns(database.sql, { ...rest, ...(functionId && { functionId }), ...(eventId && { eventId }) });
      return json(200, { runs, next: runs.length === rest.limit ? runs.at(-1)?.id : null });
    }
    case "/api/events": {
      const parsed = eventsQuery.safeParse(query);
      if (!parsed.success) return badQuery(parsed.error);
      const events = await listEvents(database.sql, parsed.data);
      return json(200, { events, next: events.length === parsed.data.limit ? events.at(-1)?.id : null });
    }
  }
  const run = /^\/api\/runs\/([0-9A-Z]{26})$/.exec(path);
  if (!run?.[1]) return undefined;
  const detail = await runDetail(database.sql, run[1]);
  return detail ? json(200, detail) : json(404, { error: "there is no such run", status: 404 });
}

function badQuery(error: z.ZodError): Reply {
  return json(400, { error: z.prettifyError(error), status: 400 });
}

async function health({ database, registry, sync, lock, executor, now }: Context): Promise<Reply> {
  const waiting = await backlog(database.sql, new Date(now()));
  return json(lock.held ? 200 : 503, {
    ok: lock.held,
    engine: "inngest",
    functions: registry.all().length,
    callsUnderWay: executor.busy,
    ...waiting,
    app: sync ?? null,
  });
}
