import { z } from "zod";
import { log } from "./log";
import { openAtlassian, type AtlassianEngine } from "./server";

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8_030),
  ATLASSIAN_DATA: z.string().min(1),
  JIRA_CLIENT_ID: z.string().min(1),
  JIRA_CLIENT_SECRET: z.string().min(1),
  /** Where a consent may lead back to, exactly; several separated by commas. */
  ATLASSIAN_REDIRECT_URI: z.string().transform((list) => list.split(",").map((uri) => uri.trim())).pipe(z.array(z.url())),
  ATLASSIAN_APP_NAME: z.string().min(1).default("Moim"),
  MOIM_PARENT_PID: z.coerce.number().int().positive().optional(),
});

const longestStopMs = 1_500;
const parentCheckMs = 1_000;

async function main(): Promise<void> {
  const environment = environmentSchema.safeParse(process.env);
  if (!environment.success) return refuseToStart(z.prettifyError(environment.error));
  const { PORT, ATLASSIAN_DATA, JIRA_CLIENT_ID, JIRA_CLIENT_SECRET, ATLASSIAN_REDIRECT_URI, ATLASSIAN_APP_NAME, MOIM_PARENT_PID } = environment.data;
  try {
    const engine = await openAtlassian({
      port: PORT,
      dataDir: ATLASSIAN_DATA,
      client: { id: JIRA_CLIENT_ID, secret: JIRA_CLIENT_SECRET, redirectUris: ATLASSIAN_REDIRECT_URI, name: ATLASSIAN_APP_NAME },
    });
    stopWhenAsked(engine, MOIM_PARENT_PID);
    process.stdout.write(`${JSON.stringify({ ready: true, engine: "atlassian", url: engine.url, port: engine.port })}\n`);
  } catch (error) {
    refuseToStart(error instanceof Error ? error.message : String(error));
  }
}

function stopWhenAsked(engine: AtlassianEngine, parent: number | undefined): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // What was acknowledged is on the disk already, so being cut short loses nothing.
    setTimeout(() => process.exit(0), longestStopMs).unref();
    engine.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log("error", "could not close cleanly", { reason: String(error) });
        process.exit(0);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (parent !== undefined) setInterval(() => isRunning(parent) || stop(), parentCheckMs).unref();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function refuseToStart(reason: string): void {
  process.stderr.write(`atlassian: ${reason.replace(/\s*\n\s*/g, "; ")}\n`);
  process.exitCode = 1;
}

await main();
