import { isCutConnectionFault } from "./database";
import { startInngest } from "./engine";
import { log, reason } from "./log";

function number(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} must be a number, not "${text}"`);
  return value;
}

async function main(): Promise<void> {
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) throw new Error("DATABASE_URL is missing");
  const engine = await startInngest({
    databaseUrl,
    port: number("PORT", 8288),
    appUrl: process.env.INNGEST_APP_URL || "http://127.0.0.1:3000/api/inngest",
    syncEveryMs: number("INNGEST_SYNC_SECONDS", 5) * 1000,
    inFlightMax: number("INNGEST_MAX_IN_FLIGHT", 16),
    callTimeoutMs: number("INNGEST_CALL_TIMEOUT_SECONDS", 7200) * 1000,
    retentionMs: number("INNGEST_RETENTION_DAYS", 7) * 86_400_000,
    ...(process.env.INNGEST_CALLER_SECRET ? { callerSecret: process.env.INNGEST_CALLER_SECRET } : {}),
    ...(process.env.INNGEST_SCHEMA ? { schema: process.env.INNGEST_SCHEMA } : {}),
    ...(process.env.INNGEST_RETRY_SECONDS ? { retryIntervalMs: number("INNGEST_RETRY_SECONDS", 0) * 1000 } : {}),
  });
  const stop = (): void => {
    // Whatever hangs, the stop does not: what is not finished is taken up by the next start.
    setTimeout(() => process.exit(0), 1900).unref();
    engine.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log("error", "the stop was not clean", { error: reason(error) });
        process.exit(0);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const parent = number("MOIM_PARENT_PID", 0);
  if (parent > 0) {
    setInterval(() => {
      try {
        process.kill(parent, 0);
      } catch {
        stop();
      }
    }, 1000).unref();
  }
  process.stdout.write(`${JSON.stringify({ ready: true, engine: "inngest", url: engine.url, port: engine.port, pid: process.pid })}\n`);
}

process.on("uncaughtException", (error: unknown) => {
  if (isCutConnectionFault(error)) return log("warn", "a cut connection was written to", { error: reason(error) });
  log("error", "the engine stops on an error that nobody expected", { error: error instanceof Error ? error.stack : String(error) });
  process.exit(1);
});

main().catch((error: unknown) => {
  process.stderr.write(`inngest engine: ${reason(error)}\n`);
  process.exit(1);
});
