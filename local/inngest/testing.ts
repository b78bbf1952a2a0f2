import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { Inngest, type InngestFunction } from "inngest";
import { serve } from "inngest/node";
import postgres, { type Sql } from "postgres";
import { startInngest, type EngineOptions, type InngestEngine } from "./engine";
import type { Backlog, EventDetail, FunctionDetail, RunDetail, RunSummary } from "./queries";

export function testDatabaseUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error("TEST_DATABASE_URL is missing");
  return url;
}

export function testSchema(): string {
  return `inngest_test_${randomBytes(6).toString("hex")}`;
}

/** Asks until there is an answer; a rejection or `undefined` means: not yet. */
export async function eventually<T>(ask: () => Promise<T | undefined>, what: string, withinMs = 15_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const found = await ask();
      if (found !== undefined) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`did not happen: ${what}`, { cause: last });
}

/** An application's server whose handler may be changed while it listens. */
export class TestApp {
  handler: RequestListener = (_request, response) => response.writeHead(503).end();
  readonly port: number;
  readonly url: string;

  private constructor(private readonly server: Server) {
    this.port = (server.address() as AddressInfo).port;
    this.url = `http://127.0.0.1:${this.port}/api/inngest`;
  }

  static async start(port = 0): Promise<TestApp> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const app = new TestApp(server);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => void app.handler(request, response));
    return app;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

export type Functions = (client: Inngest) => InngestFunction.Any[];

/** The engine as a process of its own, as the start runs it. */
export async function startEngineProcess(port: number, appUrl: string, schema: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", "local/inngest/main.ts"], {
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: testDatabaseUrl(),
      INNGEST_APP_URL: appUrl,
      INNGEST_SCHEMA: schema,
      INNGEST_RETRY_SECONDS: "0.05",
      MOIM_PARENT_PID: String(process.pid),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const complaints: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => complaints.push(line));
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "exit").then(() => Promise.reject(new Error(complaints.join("\n")))),
  ])) as [string];
  if (!line.startsWith('{"ready":true')) throw new Error(`not the ready line: ${line}`);
  return child;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A real application with the unmodified SDK, and an engine of its own schema whose clock the test may move. */
export class World {
  /** Every call that the engine made, as the application got it. */
  readonly calls: { functionId: string; stepId: string }[] = [];
  private offsetMs = 0;

  private constructor(
    readonly app: TestApp,
    readonly schema: string,
    readonly sql: Sql,
    public engine: InngestEngine,
    public client: Inngest,
    private readonly options: EngineOptions,
  ) {}

  static async start(functions: Functions, options: Partial<EngineOptions> = {}): Promise<World> {
    const app = await TestApp.start();
    const schema = testSchema();
    const databaseUrl = testDatabaseUrl();
    const clock = { now: () => Date.now() };
    const settings = { databaseUrl, schema, appUrl: app.url, retryIntervalMs: 10, now: () => clock.now(), ...options };
    const engine = await startInngest(settings);
    const sql = postgres(databaseUrl, { max: 2, onnotice: nothing, connection: { search_path: schema } });
    const client = new Inngest({ id: "test", isDev: true, baseUrl: engine.url, logger: silent });
    const world = new World(app, schema, sql, engine, client, settings);
    clock.now = () => world.now();
    world.serve(functions);
    await world.synced();
    return world;
  }

  /** Another life of the engine, at the same address as before. */
  async restartEngine(): Promise<void> {
    this.engine = await startInngest({ ...this.options, port: this.engine.port });
  }

  now(): number {
    return Date.now() + this.offsetMs;
  }

  serve(functions: Functions): void {
    const handler = serve({ client: this.client, functions: functions(this.client) });
    this.app.handler = (request: IncomingMessage, response) => {
      const url = new URL(request.url ?? "/", this.app.url);
      if (request.method === "POST") {
        this.calls.push({ functionId: url.searchParams.get("fnId") ?? "", stepId: url.searchParams.get("stepId") ?? "" });
      }
      handler(request, response);
    };
  }

  async synced(): Promise<void> {
    await eventually(async () => ((await this.api<{ app: { problem: unknown } }>("/health")).app.problem === null ? true : undefined), "a sync");
  }

  /** Lets this much time pass at once. */
  advance(ms: number): void {
    this.offsetMs += ms;
    this.engine.wake();
  }

  async api<T>(path: string, method: "GET" | "POST" = "GET"): Promise<T> {
    const response = await fetch(`${this.engine.url}${path}`, { method });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async send(name: string, data: Record<string, unknown> = {}, extra: { id?: string; ts?: number } = {}): Promise<string> {
    const { ids } = await this.client.send({ name, data, ...extra });
    const [id] = ids;
    if (!id) throw new Error("the engine gave no id");
    return id;
  }

  /** Oldest first. */
  async runs(functionId: string, status?: string): Promise<RunSummary[]> {
    const query = `function=test-${functionId}&limit=500${status ? `&status=${status}` : ""}`;
    return (await this.api<{ runs: RunSummary[] }>(`/api/runs?${query}`)).runs.reverse();
  }

  run(id: string): Promise<RunDetail> {
    return this.api<RunDetail>(`/api/runs/${id}`);
  }

  async functions(): Promise<FunctionDetail[]> {
    return (await this.api<{ functions: FunctionDetail[] }>("/api/functions")).functions;
  }

  async events(name: string): Promise<EventDetail[]> {
    return (await this.api<{ events: EventDetail[] }>(`/api/events?name=${encodeURIComponent(name)}&limit=500`)).events;
  }

  /** The nth run of a function (from 0), once it has one of these statuses. */
  async ended(functionId: string, nth = 0, statuses = ["completed", "failed", "cancelled"]): Promise<RunDetail> {
    return eventually(async () => {
      const run = (await this.runs(functionId))[nth];
      return run && statuses.includes(run.status) ? this.run(run.id) : undefined;
    }, `run ${nth} of ${functionId} is ${statuses.join(" or ")}`);
  }

  /** The nth run, once it waits for the step of this name. */
  async waiting(functionId: string, stepName: string, nth = 0): Promise<RunDetail> {
    return eventually(async () => {
      const run = (await this.runs(functionId))[nth];
      const detail = run && (await this.run(run.id));
      return detail?.steps.some(({ name, status }) => name === stepName && status === "pending") ? detail : undefined;
    }, `run ${nth} of ${functionId} waits at ${stepName}`);
  }

  /** Nothing is left to match, no timer is due, no call is due or under way: what has not happened now will not happen by itself. */
  async settled(): Promise<void> {
    let calm = 0;
    await eventually(async () => {
      this.engine.wake();
      const health = await this.api<Backlog & { callsUnderWay: number }>("/health");
      const left = health.unmatchedEvents + health.dueTimers + health.dueJobs + health.callsUnderWay;
      calm = left === 0 ? calm + 1 : 0;
      return calm >= 3 ? true : undefined;
    }, "calm");
  }

  async close(): Promise<void> {
    await this.engine.close();
    await this.app.stop();
    await this.sql.unsafe(`drop schema if exists ${this.schema} cascade`);
    await this.sql.end({ timeout: 1 });
  }
}

const nothing = (): void => undefined;
/** The SDK tells of every failed attempt, and these tests are full of them. */
export const silent = { info: nothing, warn: nothing, error: nothing, debug: nothing };
