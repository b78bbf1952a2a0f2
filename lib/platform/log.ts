import { AsyncLocalStorage } from "node:async_hooks";
import pino from "pino";
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
  debug: (message: string, data: object = {}) => logger().debug(data, message),
  info: (message: string, data: object = {}) => logger().info(data, message),
  warn: (message: string, data: object = {}) => logger().warn(data, message),
  error: (message: string, data: object = {}) => logger().error(data, message),
};

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
