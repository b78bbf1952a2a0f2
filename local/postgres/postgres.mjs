// @ts-check
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { appendFile, readFile, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import postgres from "postgres";
import { anyFreePort } from "../start/ports.mjs";
import { identify, isAlive, sleep, waitForExit } from "../start/processes.mjs";
import { chooseAccount } from "./account.mjs";
import { prepareBinaries } from "./binaries.mjs";
import { ensureCluster, placeHome, postgresEnv } from "./cluster.mjs";

/**
 * @typedef {{
 *   dataDir: string,
 *   port?: number,
 *   durable?: boolean,
 *   createDatabases?: boolean,
 * }} PostgresOptions
 * `port`: a free one when left out; an adopted server keeps the port it has. `durable: false` skips fsync (tests).
 * `createDatabases`: the role may create databases (tests).
 *
 * @typedef {{ url: string, adminUrl: string, pid: number, port: number, adopted: boolean, stop: () => Promise<void> }} Postgres
 */

/** A killed server's children hold its shared memory for some seconds, and nothing may start beside them. */
const retryMs = 15_000;

/**
 * Starts PostgreSQL, or adopts the one that a killed start left behind, and makes sure of the role and database `moim`.
 * @param {PostgresOptions} options
 * @returns {Promise<Postgres>}
 */
export async function startPostgres(options) {
  const cluster = join(resolve(options.dataDir), "data");
  const account = await chooseAccount(cluster);
  const home = await placeHome(options.dataDir, account);
  const place = { home, cluster: join(home, "data"), account, native: await prepareBinaries(account, home) };
  const passwords = await ensureCluster(place);
  const deadline = Date.now() + retryMs;
  for (;;) {
    try {
      const running = await adopt(place.cluster, passwords);
      const server = running ?? (await launch(place, passwords, options));
      const url = await ensureRole(server.adminUrl, passwords, server.port, options.createDatabases ?? false);
      return { ...server, url, adopted: running !== null, stop: () => stop(server.pid) };
    } catch (error) {
      if (Date.now() > deadline || !isPassing(error)) throw error;
      await sleep(200);
    }
  }
}

/**
 * The port of a server that already runs on this data, or null.
 * @param {string} dataDir
 */
export async function portOfRunningServer(dataDir) {
  const { pid, port } = await readPidFile(join(resolve(dataDir), "data"));
  return port && identify(pid)?.command.includes("postgres") ? port : null;
}

/**
 * Switches off a server that a killed run left behind, before its data is thrown away.
 * @param {string} dataDir
 */
export async function stopRunningServer(dataDir) {
  const { pid } = await readPidFile(join(resolve(dataDir), "data"));
  if (pid && identify(pid)?.command.includes("postgres")) await stop(pid);
}

/** @param {string} cluster */
async function readPidFile(cluster) {
  const lines = (await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}

/**
 * @param {string} cluster
 * @param {import("./cluster.mjs").Passwords} passwords
 */
async function adopt(cluster, passwords) {
  const { pid, port } = await readPidFile(cluster);
  if (!pid) return null;
  if (!identify(pid)?.command.includes("postgres") && process.platform !== "win32") {
    // The pid is gone or belongs to another program by now, as after a container restart; PostgreSQL itself would
    // refuse to start beside a pid that lives. Shared memory still guards a cluster whose children linger.
    await rm(join(cluster, "postmaster.pid"), { force: true });
    return null;
  }
  if (!isAlive(pid)) return null;
  if (!port) throw new Passing("PostgreSQL is still starting");
  const adminUrl = address("postgres", passwords.admin, port, "postgres");
  await waitUntilReady(adminUrl, () => isAlive(pid));
  return { pid, port, adminUrl };
}

/**
 * @param {{ home: string, cluster: string, native: string, account: import("./account.mjs").Account }} place
 * @param {import("./cluster.mjs").Passwords} passwords
 * @param {PostgresOptions} options
 */
async function launch(place, passwords, options) {
  const port = options.port ?? (await anyFreePort());
  const log = join(place.home, "postgres.log");
  await rotate(log);
  const logStart = (await stat(log).catch(() => null))?.size ?? 0;
  const settings = serverSettings(port, options.durable ?? true);
  await appendFile(log, "", { mode: 0o600 });
  await place.account.own(log);
  const started = process.platform === "win32" ? viaPgCtl(place, settings, log) : directly(place, settings, log);
  const adminUrl = address("postgres", passwords.admin, port, "postgres");
  try {
    await waitUntilReady(adminUrl, started.isRunning);
  } catch (error) {
    const said = (await readFile(log, "utf8").catch(() => "")).slice(logStart).trim();
    if (/lock file|shared memory block|shutting down/.test(said)) throw new Passing(said);
    throw new Error(`PostgreSQL did not start on port ${port}: ${said || messageOf(error)}`);
  }
  return { pid: (await readPidFile(place.cluster)).pid, port, adminUrl };
}

/**
 * @param {number} port
 * @param {boolean} durable
 */
function serverSettings(port, durable) {
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    // A socket in the data folder would soon be longer than the 107 bytes that a socket's path may have.
    unix_socket_directories: "",
    max_connections: 200,
    shared_buffers: "128MB",
    // Nobody replicates from it: less to write for each change.
    wal_level: "minimal",
    max_wal_senders: 0,
    checkpoint_timeout: "15min",
    max_wal_size: "1GB",
    random_page_cost: 1.1,
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_line_prefix: "%m [%p] %u@%d ",
    log_checkpoints: "off",
    // Without fsync a crash of the system can lose the cluster; a crash of PostgreSQL alone still loses nothing.
    ...(durable ? {} : { fsync: "off", full_page_writes: "off" }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/**
 * In a session of its own, so that Ctrl-C in the terminal does not stop it under those who still use it.
 * @param {{ cluster: string, native: string, account: import("./account.mjs").Account }} place
 * @param {string[]} settings
 * @param {string} log
 */
function directly({ cluster, native, account }, settings, log) {
  const out = openSync(log, "a", 0o600);
  const child = spawn(join(native, "bin", "postgres"), ["-D", cluster, ...settings], {
    ...account.spawn,
    cwd: "/",
    env: postgresEnv(),
    detached: true,
    stdio: ["ignore", out, out],
  });
  closeSync(out);
  child.once("error", () => {});
  child.unref();
  return { isRunning: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null };
}

/**
 * On Windows pg_ctl gives up an administrator's rights, with which the server would refuse to run.
 * @param {{ cluster: string, native: string }} place
 * @param {string[]} settings
 * @param {string} log
 */
function viaPgCtl({ cluster, native }, settings, log) {
  const quoted = settings.map((word) => (word === "-c" ? word : `"${word}"`)).join(" ");
  const child = spawn(join(native, "bin", "pg_ctl"), ["start", "-W", "-D", cluster, "-l", log, "-o", quoted], {
    env: postgresEnv(),
    stdio: "ignore",
  });
  child.once("error", () => {});
  return { isRunning: () => child.exitCode === null || child.exitCode === 0 };
}

/**
 * Recovery after a crash may take long, so the only limit is that the server lives.
 * @param {string} adminUrl
 * @param {() => boolean} isRunning
 */
async function waitUntilReady(adminUrl, isRunning) {
  for (;;) {
    const sql = postgres(adminUrl, { max: 1, connect_timeout: 5, onnotice: () => {} });
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      const code = /** @type {{ code?: string }} */ (error).code;
      if (code === "28P01") throw new Error("PostgreSQL refuses the password kept beside its data");
      if (!isRunning()) throw new Passing(messageOf(error));
      await sleep(50);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

/**
 * The application's role owns its database and nothing else: a superuser would see past row level security.
 * @param {string} adminUrl
 * @param {import("./cluster.mjs").Passwords} passwords
 * @param {number} port
 * @param {boolean} createDatabases
 */
async function ensureRole(adminUrl, passwords, port, createDatabases) {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    // Two starts at once (test runs share a server) would otherwise both create.
    await sql`select pg_advisory_lock(6646)`;
    const attributes = `LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE ${createDatabases ? "CREATEDB" : "NOCREATEDB"}`;
    const [role] = await sql`select 1 from pg_roles where rolname = 'moim'`;
    await sql.unsafe(`${role ? "ALTER" : "CREATE"} ROLE moim ${attributes} PASSWORD '${passwords.moim}'`);
    const [database] = await sql`select 1 from pg_database where datname = 'moim'`;
    if (!database) await sql.unsafe("CREATE DATABASE moim OWNER moim");
  } finally {
    await sql.end({ timeout: 1 });
  }
  return address("moim", passwords.moim, port, "moim");
}

/**
 * "Fast": sessions are ended, open transactions rolled back, everything written. After ten seconds the next start
 * will have to recover instead.
 * @param {number} pid
 */
async function stop(pid) {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGQUIT", "SIGKILL"])) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await waitForExit(pid, signal === "SIGINT" ? 10_000 : 3_000)) return;
  }
}

/** @param {string} log */
async function rotate(log) {
  const size = (await stat(log).catch(() => null))?.size ?? 0;
  if (size > 10_000_000) await rename(log, `${log}.1`);
}

/**
 * @param {string} role
 * @param {string} password
 * @param {number} port
 * @param {string} database
 */
const address = (role, password, port, database) => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;

/** A state that ends by itself, such as a server that is just stopping. */
class Passing extends Error {}

/** @param {unknown} error */
function isPassing(error) {
  const code = /** @type {{ code?: string }} */ (error).code ?? "";
  return error instanceof Passing || ["ECONNREFUSED", "CONNECTION_CLOSED", "ECONNRESET", "57P01", "57P03"].includes(code);
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));
