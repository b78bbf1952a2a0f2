import { z } from "zod";
import { log } from "./log";
import { webhookEvents } from "./message";
import { startMail, type MailEngine } from "./server";

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8_025),
  MAIL_DATA: z.string().min(1),
  RESEND_API_KEY: z.string().min(1),
  MAIL_MAX_MESSAGES: z.coerce.number().int().positive().optional(),
  MAIL_MAX_BYTES: z.coerce.number().int().positive().optional(),
  MAIL_REQUESTS_PER_SECOND: z.coerce.number().int().positive().optional(),
  MAIL_WEBHOOK_URL: z.url().optional(),
  MAIL_WEBHOOK_SECRET: z.string().regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/).optional(),
  MAIL_WEBHOOK_EVENTS: z
    .string()
    .default(webhookEvents.join(","))
    .transform((list) => list.split(",").map((event) => event.trim()))
    .pipe(z.array(z.enum(webhookEvents))),
  MOIM_PARENT_PID: z.coerce.number().int().positive().optional(),
});

const longestStopMs = 1_500;
const parentCheckMs = 1_000;

async function main(): Promise<void> {
  const environment = environmentSchema.safeParse(process.env);
  if (!environment.success) return refuseToStart(z.prettifyError(environment.error));
  if (!environment.data.MAIL_WEBHOOK_URL !== !environment.data.MAIL_WEBHOOK_SECRET) return refuseToStart("set both of MAIL_WEBHOOK_URL and MAIL_WEBHOOK_SECRET, or none");
  const { PORT, MAIL_DATA, RESEND_API_KEY, MOIM_PARENT_PID, MAIL_WEBHOOK_URL: url, MAIL_WEBHOOK_SECRET: secret, MAIL_WEBHOOK_EVENTS: events, ...limits } = environment.data;
  try {
    const engine = await startMail({
      port: PORT,
      dataDir: MAIL_DATA,
      apiKey: RESEND_API_KEY,
      maxMessages: limits.MAIL_MAX_MESSAGES,
      maxBytes: limits.MAIL_MAX_BYTES,
      ...(url && secret && { webhook: { url, secret, events } }),
      requestsPerSecond: limits.MAIL_REQUESTS_PER_SECOND,
    });
    stopWhenAsked(engine, MOIM_PARENT_PID);
    process.stdout.write(`${JSON.stringify({ ready: true, engine: "mail", url: engine.url, port: engine.port })}\n`);
  } catch (error) {
    refuseToStart(error instanceof Error ? error.message : String(error));
  }
}

function stopWhenAsked(engine: MailEngine, parent: number | undefined): void {
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
  process.stderr.write(`mail: ${reason.replace(/\s*\n\s*/g, "; ")}\n`);
  process.exitCode = 1;
}

await main();
