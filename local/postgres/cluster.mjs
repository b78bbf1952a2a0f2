// @ts-check
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lstat, mkdir, mkdtemp, readFile, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { sharedRoot } from "./binaries.mjs";

/** @typedef {{ admin: string, moim: string }} Passwords */

const passwordFile = "moim-passwords.json";

/**
 * The launcher's folder. When the account that runs PostgreSQL cannot get there (a checkout under /root), the folder
 * becomes a link to one that it can reach.
 * @param {string} dataDir
 * @param {import("./account.mjs").Account} account
 */
export async function placeHome(dataDir, account) {
  const wanted = resolve(dataDir);
  if (await stat(wanted).catch(() => null)) return realpath(wanted);
  if (await lstat(wanted).catch(() => null)) {
    throw new Error(`${wanted} is a link to a folder that is gone. Put it back, or remove the link to begin anew.`);
  }
  await mkdir(dirname(wanted), { recursive: true });
  if (await account.reaches(dirname(wanted))) {
    await mkdir(wanted, { mode: 0o700 });
    await account.own(wanted);
    return realpath(wanted);
  }
  const home = join(sharedRoot, `${basename(wanted)}-${randomBytes(6).toString("hex")}`);
  await mkdir(sharedRoot, { recursive: true, mode: 0o755 });
  await mkdir(home, { mode: 0o700 });
  await account.own(home);
  if (!(await account.reaches(home))) {
    throw new Error(
      `The user ${account.name} can reach neither ${wanted} nor ${home}. ` +
        "Set MOIM_DATA to a folder that everyone may pass through.",
    );
  }
  await symlink(home, wanted);
  return home;
}

/**
 * Makes a cluster unless there is one. It is built under another name and renamed, passwords included: a start that
 * dies on the way, or two starts at once, never leave half of one.
 * @param {{ home: string, cluster: string, native: string, account: import("./account.mjs").Account }} place
 * @returns {Promise<Passwords>}
 */
export async function ensureCluster({ home, cluster, native, account }) {
  if (!(await stat(join(cluster, "PG_VERSION")).catch(() => null))) {
    const draft = await mkdtemp(join(home, "initdb-"));
    try {
      await account.own(draft);
      await initialize(draft, native, account);
      await rename(join(draft, "data"), cluster);
    } catch (error) {
      if (!(await stat(join(cluster, "PG_VERSION")).catch(() => null))) throw error;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  return JSON.parse(await readFile(join(cluster, passwordFile), "utf8"));
}

/**
 * @param {string} draft
 * @param {string} native
 * @param {import("./account.mjs").Account} account
 */
async function initialize(draft, native, account) {
  const passwords = { admin: randomBytes(24).toString("base64url"), moim: randomBytes(24).toString("base64url") };
  const pwfile = join(draft, "password");
  await writeFile(pwfile, passwords.admin, { mode: 0o600 });
  await account.own(pwfile);
  const cluster = join(draft, "data");
  await run(join(native, "bin", "initdb"), account, [
    `--pgdata=${cluster}`,
    "--username=postgres",
    `--pwfile=${pwfile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // The same order and letter case on every system, whatever locales it has; builtin rather than plain C so that
    // lower() and ILIKE know letters beyond ASCII.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ]);
  const kept = join(cluster, passwordFile);
  await writeFile(kept, JSON.stringify(passwords), { mode: 0o600 });
  await account.own(kept);
}

/**
 * @param {string} file
 * @param {import("./account.mjs").Account} account
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function run(file, account, args) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { ...account.spawn, cwd: "/", env: postgresEnv(), stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => fail(new Error(`${file} cannot be run: ${error.message}`)));
    child.once("close", (code) => (code === 0 ? done() : fail(new Error(`initdb failed:\n${output.trim()}`))));
  });
}

/** Nothing of the caller's PG* variables or locale may change how the cluster behaves. */
export function postgresEnv() {
  const { PATH, SystemRoot, TEMP, TMP } = process.env;
  const env = { PATH, SystemRoot, TEMP, TMP, LC_ALL: "C", TZ: "UTC" };
  return /** @type {NodeJS.ProcessEnv} */ (/** @type {unknown} */ (env));
}
