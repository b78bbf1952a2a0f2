import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { run, runFile } from "./run";

/**
 * Lets go what is held for a member as if it were `at`: the product's own release and delivery, in a process beside the running one
 * whose clock stands there. Nobody waits for the night to end.
 */
export async function releaseAt(at: Date, person: { email: string }, organization: string): Promise<void> {
  const secrets = JSON.parse(readFileSync(join(dirname(runFile), "secrets.json"), "utf8")) as Record<string, string>;
  await promisify(execFile)(process.execPath, ["--import", "tsx", "e2e/support/release-at.ts", at.toISOString(), person.email, organization], {
    env: {
      ...process.env,
      ...secrets,
      NODE_ENV: "production",
      LOG_LEVEL: "error",
      APP_URL: run.app.url,
      DATABASE_URL: run.postgres.url,
      PUSHER_HOST: run.pusher.host,
      PUSHER_PORT: String(run.pusher.port),
      PUSHER_TLS: "false",
      RESEND_BASE_URL: run.mail.url,
    },
  });
}
