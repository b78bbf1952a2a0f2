// @ts-check
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { portOfRunningServer } from "../postgres/postgres.mjs";
import { banner } from "./banner.mjs";
import { ensureBuilt } from "./build.mjs";
import { choosePorts } from "./chosen-ports.mjs";
import { runCommand } from "./command.mjs";
import { watchDatabase } from "./database.mjs";
import { runWorld, seedingMark } from "./demo.mjs";
import { isEmpty, recreateDatabase } from "./emptiness.mjs";
import { startApp, startEngine } from "./engines.mjs";
import { removeRun, writeRun } from "./run-file.mjs";
import { loadSecrets } from "./secrets.mjs";
import { appEnv, chooseEngines, chooseHost, pageOrigins, reachableHost } from "./settings.mjs";

/** What changes anything. That a mail arrived goes without saying on one machine, and saying it would be a request for every mail. */
const reportedMails = "email.bounced,email.complained,email.suppressed";

/**
 * Everything that one instance runs.
 * @param {{
 *   root: string,
 *   dataDir: string,
 *   dev: boolean,
 *   env: import("./command.mjs").Variables,
 *   progress: import("./progress.mjs").Progress,
 *   lock: import("./instance-lock.mjs").InstanceLock,
 *   signal: AbortSignal,
 * }} options
 */
export function createStack({ root, dataDir, dev, env, progress, lock, signal }) {
  const { say, step } = progress;
  /** @type {Map<string, import("./supervise.mjs").Child>} */
  const children = new Map();
  /** @type {import("./database.mjs").Database | undefined} */
  let database;
  /** @type {() => void} */
  let refreshRun = () => {};

  const announce = (/** @type {string} */ line) => say(`  ! ${line}`);
  const onPid = (/** @type {string} */ name, /** @type {number} */ pid) => {
    lock.record(name, pid);
    refreshRun();
  };

  let isUp = false;
  // Broken off on the way up, nobody is of use any more and there is no order to keep.
  signal.addEventListener("abort", () => {
    if (!isUp) for (const child of children.values()) void child.stop();
  });

  async function up() {
    const engines = chooseEngines(env);
    const host = chooseHost(env);
    const secrets = loadSecrets(dataDir);
    for (const folder of ["logs", "mail", "atlassian", "media"]) mkdirSync(join(dataDir, folder), { recursive: true, mode: 0o700 });
    const left = engines.postgres ? await portOfRunningServer(join(dataDir, "postgres")) : null;
    const ports = await choosePorts({ dataDir, env, engines, adopted: left ? { postgres: left } : {}, say });

    // The build needs nothing of the engines and most of the time of a first start.
    const built = dev ? Promise.resolve() : ensureBuilt({ root, dataDir, progress, signal });
    built.catch(() => {});

    if (engines.postgres) {
      database = await step(left ? "Taking over PostgreSQL" : "Starting PostgreSQL", () =>
        watchDatabase({ dataDir, port: ports.postgres, announce, onRestart: () => refreshRun() }),
      );
    }
    signal.throwIfAborted();
    const databaseUrl = database?.url ?? env.DATABASE_URL ?? "";
    const forApp = appEnv({ env, engines, secrets, ports, host, databaseUrl, dataDir, dev });
    const seeding = seedingMark(dataDir);
    if (database && seeding.isSet()) {
      say("  · filling the database was broken off last time; beginning it anew");
      await recreateDatabase(database.adminUrl);
    }
    await step("Migrating the database", () =>
      runCommand(process.execPath, ["--import", "tsx", join(root, "local/start/migrate.ts")], {
        cwd: root,
        env: forApp,
        log: join(dataDir, "logs", "migrate.log"),
        signal,
      }),
    );

    const inside = `http://${reachableHost(host)}:${ports.app}`;
    const place = { root, dataDir, env, announce, say, onPid };
    await step("Starting mail, realtime, storage, Jira and jobs", async () => {
      const { RESEND_API_KEY, RESEND_WEBHOOK_SECRET } = forApp;
      if (engines.mail) {
        const reports = { MAIL_WEBHOOK_URL: `${inside}/webhook/resend`, MAIL_WEBHOOK_SECRET: RESEND_WEBHOOK_SECRET, MAIL_WEBHOOK_EVENTS: reportedMails };
        begin(startEngine(place, "mail", { PORT: String(ports.mail), MAIL_DATA: join(dataDir, "mail"), RESEND_API_KEY, ...reports }));
      }
      if (engines.pusher) {
        const { PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET } = forApp;
        begin(startEngine(place, "pusher", { PORT: String(ports.pusher), PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET }));
      }
      if (engines.atlassian) {
        const { JIRA_CLIENT_ID, JIRA_CLIENT_SECRET } = forApp;
        const own = { ATLASSIAN_DATA: join(dataDir, "atlassian"), ATLASSIAN_REDIRECT_URI: `${forApp.APP_URL}/oauth/jira/callback` };
        begin(startEngine(place, "atlassian", { PORT: String(ports.atlassian), JIRA_CLIENT_ID, JIRA_CLIENT_SECRET, ...own }));
      }
      if (engines.storage) {
        const { S3_BUCKET, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = forApp;
        const own = { STORAGE_DATA: join(dataDir, "media"), STORAGE_ALLOWED_ORIGINS: pageOrigins(forApp.APP_URL ?? "").join(",") };
        begin(startEngine(place, "storage", { PORT: String(ports.storage), S3_BUCKET, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, ...own }));
      }
      if (engines.inngest) {
        const INNGEST_APP_URL = `${inside}/api/inngest`;
        const { INNGEST_CALLER_SECRET } = forApp;
        begin(startEngine(place, "inngest", { PORT: String(ports.inngest), DATABASE_URL: databaseUrl, INNGEST_APP_URL, INNGEST_CALLER_SECRET }));
      }
      await Promise.all([...children.values()].map((child) => child.ready));
    });
    signal.throwIfAborted();

    const wantsDemo = env.MOIM_DEMO ? env.MOIM_DEMO === "1" : engines.postgres;
    const world = { root, dataDir, env: forApp, signal };
    const isFresh = wantsDemo && (await isEmpty(database ? `${new URL("/moim", database.adminUrl)}` : databaseUrl));
    const seeded = isFresh
      ? await step("Filling the empty database with the demo world", async () => {
          seeding.set();
          const demo = await runWorld(world, "seed");
          seeding.clear();
          return demo;
        })
      : null;
    await built;
    signal.throwIfAborted();

    const minted = wantsDemo && !isFresh ? step("Making a sign-in link", () => runWorld(world, "demo")) : null;
    // A demo account that someone removed is no reason not to start.
    const demo = Promise.resolve(minted).catch((error) => {
      announce(`there is no demo sign-in: ${error.message}`);
      return null;
    });
    await step("Starting the app", async () => {
      const app = { dev, host, port: ports.app, healthUrl: `${inside}/api/health` };
      await begin(startApp({ ...place, env: forApp }, app)).ready;
    });

    const shown = seeded ?? (await demo);
    const compose = () => describe({ forApp, ports, engines, databaseUrl, demo: shown });
    refreshRun = () => writeRun(dataDir, compose());
    refreshRun();
    isUp = true;
    say(banner({ run: compose(), dataDir, engines, seconds: performance.now() / 1000, dev }));
  }

  /** @param {import("./supervise.mjs").Child} child */
  function begin(child) {
    children.set(child.name, child);
    // Awaited together with the others; one that fails meanwhile must not end this process.
    child.ready.catch(() => {});
    return child;
  }

  /**
   * @param {{
   *   forApp: import("./command.mjs").Variables,
   *   ports: import("./chosen-ports.mjs").Ports,
   *   engines: import("./settings.mjs").Engines,
   *   databaseUrl: string,
   *   demo: import("./demo.mjs").Demo | null,
   * }} facts
   * @returns {import("./run-file.mjs").Run}
   */
  function describe({ forApp, ports, engines, databaseUrl, demo }) {
    const pidOf = (/** @type {string} */ name) => children.get(name)?.pid() ?? null;
    const cluster = forApp.PUSHER_CLUSTER ?? "mt1";
    return {
      app: { url: forApp.APP_URL ?? "", pid: pidOf("app") ?? 0 },
      postgres: { url: databaseUrl, pid: database?.pid() ?? null },
      inngest: { url: engines.inngest ? `http://127.0.0.1:${ports.inngest}` : (env.INNGEST_BASE_URL ?? null), pid: pidOf("inngest") },
      pusher: {
        host: forApp.PUSHER_HOST ?? `ws-${cluster}.pusher.com`,
        port: Number(forApp.PUSHER_PORT ?? 443),
        appId: forApp.PUSHER_APP_ID ?? "",
        key: forApp.PUSHER_KEY ?? "",
        secret: forApp.PUSHER_SECRET ?? "",
      },
      mail: { url: forApp.RESEND_BASE_URL ?? "https://api.resend.com", apiKey: forApp.RESEND_API_KEY ?? "" },
      atlassian: { url: engines.atlassian ? `http://127.0.0.1:${ports.atlassian}` : null, pid: pidOf("atlassian") },
      storage: { url: forApp.S3_ENDPOINT ?? null, bucket: forApp.S3_BUCKET ?? null, pid: pidOf("storage") },
      demo,
    };
  }

  /** Those who need others go first. */
  async function down() {
    refreshRun = () => {};
    removeRun(dataDir);
    await stopAll(["app"]);
    await stopAll(["inngest"]);
    await stopAll(["pusher", "mail", "atlassian", "storage"]);
    await database?.stop();
  }

  /** @param {string[]} names */
  const stopAll = (names) => Promise.all(names.map((name) => children.get(name)?.stop()));

  function kill() {
    removeRun(dataDir);
    for (const child of children.values()) child.kill();
    database?.kill();
  }

  return { up, down, kill };
}
