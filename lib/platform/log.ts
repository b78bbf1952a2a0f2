import { AsyncLocalStorage } from "node:async_hooks";
import pino from "pino";
import { withoutParameters } from "./db/query-error";
import { env } from "./env";

/** What every line of a request or a function run carries. */
export interface LogContext {
  requestId?: string;
  organizationId?: string;
  eventId?: string;
  runId?: string;
}

const store = new AsyncLocalStorage<LogContext>();
let root: pino.Logger | undefined;

function logger(): pino.Logger {
  root ??= pino({
    level: env().LOG_LEVEL,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => store.getStore() ?? {},
    redact: { paths: ["*.token", "*.secret", "*.password", "*.authorization"], censor: "[redacted]" },
  });
  return root;
}

export const log = {
  debug: (message: string, data: object = {}) => logger().debug(shown(data), message),
  info: (message: string, data: object = {}) => logger().info(shown(data), message),
  warn: (message: string, data: object = {}) => logger().warn(shown(data), message),
  error: (message: string, data: object = {}) => logger().error(shown(data), message),
};

const shown = (data: object) => Object.fromEntries(Object.entries(data).map(([name, value]) => [name, value instanceof Error ? errorText(value) : value]));

const causesMax = 3;

/** An error with where it came from and what it was caused by; without the values that a query was given, which are somebody's data. */
export function errorText(error: Error): string {
  const texts: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && texts.length <= causesMax; cause = cause.cause) {
    withoutParameters(cause);
    texts.push(cause.stack ?? `${cause.name}: ${cause.message}`);
  }
  return texts.join("\nCaused by: ");
}

/** Runs `work` with these ids on every log line below it; nested contexts add to the outer one. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return store.run({ ...store.getStore(), ...context }, work);
}

/** Adds ids to the current context once they are known, e.g. the organization after the member was resolved. */
export function addLogContext(context: LogContext): void {
  const current = store.getStore();
  if (current) Object.assign(current, context);
}

export function logContext(): LogContext {
  return store.getStore() ?? {};
}
