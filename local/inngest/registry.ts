import type { Sql, TransactionSql } from "postgres";
import type { ConcurrencyLimit, CronTrigger, EventTrigger, FunctionConfig } from "./config";
import { expression, type Expression } from "./expression";
import { durationMs } from "./duration";

/** The SDK's default when a function names no number. */
const DEFAULT_RETRIES = 4;

export interface RegisteredFunction {
  id: string;
  appId: string;
  name: string;
  url: string;
  config: FunctionConfig;
  maxAttempts: number;
  events: { pattern: string; condition: Expression | undefined }[];
  crons: CronTrigger[];
  cancels: { pattern: string; condition: Expression | undefined; withinMs: number | undefined }[];
  concurrency: ConcurrencyLimit[];
}

export function patternMatches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

export function compile(appId: string, config: FunctionConfig): RegisteredFunction {
  const concurrency = config.concurrency ?? [];
  return {
    id: config.id,
    appId,
    name: config.name ?? config.id,
    url: config.steps.step?.runtime.url ?? "",
    config,
    maxAttempts: (config.steps.step?.retries?.attempts ?? DEFAULT_RETRIES) + 1,
    events: config.triggers
      .filter((trigger): trigger is EventTrigger => "event" in trigger)
      .map((trigger) => ({
        pattern: trigger.event,
        condition: trigger.expression ? expression(trigger.expression, "event") : undefined,
      })),
    crons: config.triggers.filter((trigger): trigger is CronTrigger => "cron" in trigger),
    cancels: (config.cancel ?? []).map((cancel) => ({
      pattern: cancel.event,
      condition: cancel.if ? expression(cancel.if, "both") : undefined,
      withinMs: cancel.timeout ? durationMs(cancel.timeout) : undefined,
    })),
    concurrency: typeof concurrency === "number" ? [{ limit: concurrency }] : [concurrency].flat(),
  };
}

/** The active functions, compiled. One engine works on a schema, so this copy is never behind the table. */
export class Registry {
  private functions = new Map<string, RegisteredFunction>();
  private checksums = new Map<string, string>();

  get(id: string): RegisteredFunction | undefined {
    return this.functions.get(id);
  }

  /** Of the application's registration as it stands, or empty. */
  checksum(appId: string): string {
    return this.checksums.get(appId) ?? "";
  }

  all(): RegisteredFunction[] {
    return [...this.functions.values()];
  }

  ids(): string[] {
    return [...this.functions.keys()];
  }

  triggeredBy(name: string): RegisteredFunction[] {
    return this.all().filter((fn) => fn.events.some(({ pattern }) => patternMatches(pattern, name)));
  }

  cancelledBy(name: string): RegisteredFunction[] {
    return this.all().filter((fn) => fn.cancels.some(({ pattern }) => patternMatches(pattern, name)));
  }

  async load(sql: Sql | TransactionSql): Promise<void> {
    const rows = await sql<{ app_id: string; config: string }[]>`select app_id, config from fn where active order by id`;
    const apps = await sql<{ id: string; checksum: string }[]>`select id, checksum from app`;
    this.checksums = new Map(apps.map(({ id, checksum }) => [id, checksum]));
    this.functions = new Map(
      rows.map(({ app_id, config }) => {
        const fn = compile(app_id, JSON.parse(config) as FunctionConfig);
        return [fn.id, fn];
      }),
    );
  }
}
