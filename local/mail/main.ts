import { z } from "zod";
import { refuseToStart, stopWhenAsked } from "../engine/lifetime";
import { log } from "./log";
import { webhookEvents } from "./message";
import { startMail } from "./server";

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

async function main(): Promise<void> {
  const environment = environmentSchema.safeParse(process.env);
  if (!environment.success) return refuseToStart("mail", z.prettifyError(environment.error));
  if (!environment.data.MAIL_WEBHOOK_URL !== !environment.data.MAIL_WEBHOOK_SECRET) return refuseToStart("mail", "set both of MAIL_WEBHOOK_URL and MAIL_WEBHOOK_SECRET, or none");
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
    stopWhenAsked(engine, MOIM_PARENT_PID, (reason) => log("error", "could not close cleanly", { reason }));
    process.stdout.write(`${JSON.stringify({ ready: true, engine: "mail", url: engine.url, port: engine.port })}\n`);
  } catch (error) {
    refuseToStart("mail", error instanceof Error ? error.message : String(error));
  }
}

await main();
