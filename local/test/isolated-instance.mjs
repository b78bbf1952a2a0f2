// @ts-check
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../start/files.mjs";
import { anyFreePort } from "../start/ports.mjs";
import { sleep, waitForExit } from "../start/processes.mjs";

/** Settings that would make the instance talk to something real, or share a name with another. */
const own =
  /^(DATABASE_URL|INNGEST_|PUSHER_|RESEND_|JIRA_|ATLASSIAN_|VAPID_|FCM_|S3_|MEDIA_|STORAGE_|OUTBOUND_|GITHUB_|GOOGLE_|AZURE_|NEXTAUTH_|LINK_SECRET|ENCRYPTION_KEYS|APP_URL|PORT|HOST$|HOSTNAME$|MAIL_|MOIM_|MEETING_|NODE_ENV|npm_lifecycle_)/;

/**
 * A real `npm start` beside all others: an empty data folder, ports of its own, nothing hosted.
 * @param {{ root: string, dataDir: string, env: Record<string, string>, signal: AbortSignal, keep?: boolean }} options
 *   `keep`: a second start of the folder that an earlier one has filled
 */
export async function startIsolated({ root, dataDir, env, signal, keep = false }) {
  if (!keep) {
    await discard(dataDir);
    mkdirSync(join(dataDir, "logs"), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    const names = ["app", "postgres", "inngest", "pusher", "mail", "atlassian", "storage"];
    const ports = await Promise.all(names.map(async (name) => [name, await anyFreePort()]));
    writeJson(join(dataDir, "ports.json"), Object.fromEntries(ports));
  }

  const inherited = Object.entries(process.env).filter(([name]) => !own.test(name));
  const runJson = join(dataDir, "run.json");
  const log = join(dataDir, "logs", "start.log");
  const out = createWriteStream(log);
  /** @type {import("../start/command.mjs").Variables} */
  const variables = { ...Object.fromEntries(inherited), ...env, MOIM_DATA: dataDir, MOIM_PARENT_PID: String(process.pid) };
  const child = spawn(process.execPath, [join(root, "local", "start.mjs")], {
    cwd: root,
    env: /** @type {NodeJS.ProcessEnv} */ (variables),
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C is for the test run, which stops this one itself.
    detached: process.platform !== "win32",
  });
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  const end = () => child.kill("SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  process.once("exit", end);

  while (!existsSync(runJson)) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the instance did not start:\n${readFileSync(log, "utf8").trim().split("\n").slice(-25).join("\n")}`);
    }
    await sleep(100);
  }
  return {
    run: readJson(runJson),
    runJson,
    log,
    async stop() {
      process.off("exit", end);
      end();
      if (child.pid && child.exitCode === null) await waitForExit(child.pid, 25_000);
    },
  };
}

/** @param {string} dataDir */
async function discard(dataDir) {
  if (!existsSync(dataDir)) return;
  const { stopRunningServer } = await import("../postgres/postgres.mjs");
  const cluster = join(dataDir, "postgres");
  await stopRunningServer(cluster);
  // As root under /root the cluster is a link to where it really lies.
  if (existsSync(cluster)) rmSync(realpathSync(cluster), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}
