import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const schema = z.object({
  app: z.object({ url: z.url(), pid: z.number() }),
  postgres: z.object({ url: z.string(), pid: z.number().nullable() }),
  inngest: z.object({ url: z.url(), pid: z.number() }),
  pusher: z.object({ host: z.string(), port: z.number(), appId: z.string(), key: z.string(), secret: z.string() }),
  mail: z.object({ url: z.url(), apiKey: z.string() }),
  storage: z.object({ url: z.url(), bucket: z.string() }),
  demo: z.object({ email: z.string(), apiToken: z.string() }),
});
export type Instance = z.infer<typeof schema> & { origin: string };

/** The instance that `npm run bench` started for this measure. */
export function readInstance(): Instance {
  const run = schema.parse(JSON.parse(readFileSync(setting("RUN_JSON"), "utf8")));
  // By number: looking `localhost` up, and trying ::1 first, would be measured as well.
  return { ...run, origin: run.app.url.replace("//localhost", "//127.0.0.1") };
}

/** Gives this process the instance's own settings, so that a measure can call the product's code beside the running app. */
export function actAsInstance(instance: Instance): void {
  const secrets = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(setting("MOIM_DATA"), "secrets.json"), "utf8")));
  Object.assign(process.env, secrets, {
    NODE_ENV: "production",
    LOG_LEVEL: "error",
    APP_URL: instance.app.url,
    DATABASE_URL: instance.postgres.url,
    INNGEST_DEV: instance.inngest.url,
    PUSHER_HOST: instance.pusher.host,
    PUSHER_PORT: String(instance.pusher.port),
    PUSHER_TLS: "false",
    RESEND_BASE_URL: instance.mail.url,
    S3_ENDPOINT: instance.storage.url,
    S3_BUCKET: instance.storage.bucket,
  });
}

function setting(name: "RUN_JSON" | "MOIM_DATA"): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; start this with \`npm run bench\``);
  return value;
}
