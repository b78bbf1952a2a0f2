// @ts-check
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { withCheckoutLock } from "./checkout-lock.mjs";
import { runCommand } from "./command.mjs";
import { readJson } from "./files.mjs";

/**
 * Installs the packages of the lock file unless they are there.
 * @param {{ root: string, dataDir: string, progress: import("./progress.mjs").Progress, signal?: AbortSignal }} options
 */
export async function ensureInstalled({ root, dataDir, progress, signal }) {
  const stamp = join(root, "node_modules", ".moim-installed");
  if (isInstalled(root, stamp)) return;
  const waiting = () => progress.say("  · another start is installing in this checkout; waiting for it");
  await withCheckoutLock(root, { waiting }, async () => {
    if (isInstalled(root, stamp)) return;
    await progress.step("Installing packages (npm ci)", async () => {
      const npm = process.env.npm_execpath;
      const args = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
      // Under `npm start` that very npm is used, which also spares Windows the .cmd detour.
      const [command, ...before] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
      const log = join(dataDir, "logs", "install.log");
      const shell = command === "npm" && process.platform === "win32";
      await runCommand(command, [...before, ...args], { cwd: root, env: npmEnv(dataDir), log, shell, signal, keyLines: /^npm error/ });
      rmSync(ownCache(dataDir), { recursive: true, force: true });
    });
    writeFileSync(stamp, fingerprint(root));
  });
}

/**
 * @param {string} root
 * @param {string} stamp
 */
function isInstalled(root, stamp) {
  if (existsSync(stamp)) return readFileSync(stamp, "utf8") === fingerprint(root);
  return matchesLock(root);
}

/**
 * Packages may hold machine code for one system, so node_modules of another one does not count.
 * @param {string} root
 */
function fingerprint(root) {
  const lock = createHash("sha256").update(readFileSync(join(root, "package-lock.json"))).digest("hex");
  return `${lock} ${process.platform}-${process.arch} abi${process.versions.modules}\n`;
}

/**
 * Someone installed by hand: npm's own record of what is there is compared with the lock file.
 * @param {string} root
 */
function matchesLock(root) {
  const there = readJson(join(root, "node_modules", ".package-lock.json"))?.packages;
  if (!there) return false;
  /** @type {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} */
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || entry.devOptional || there[path]?.version === entry.version,
  );
}

/**
 * npm fails without a cache that it may write to; a container's home folder is often read-only or missing.
 * @param {string} dataDir
 */
function npmEnv(dataDir) {
  const { NODE_ENV: _production, ...env } = process.env;
  if (env.npm_config_cache && canWrite(env.npm_config_cache)) return env;
  if (canWrite(join(homedir(), ".npm")) || (!existsSync(join(homedir(), ".npm")) && canWrite(homedir()))) return env;
  return { ...env, npm_config_cache: ownCache(dataDir) };
}

/** @param {string} dataDir */
const ownCache = (dataDir) => join(dataDir, "npm-cache");

/** @param {string} path */
function canWrite(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
