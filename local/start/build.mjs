// @ts-check
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withCheckoutLock } from "./checkout-lock.mjs";
import { runCommand } from "./command.mjs";

const folders = ["app", "components", "lib", "inngest", "public"];
const isConfig = /^(next\.config|postcss\.config|proxy|instrumentation|instrumentation-client|tsconfig|package-lock)\b.*\.(ts|mjs|js|json)$/;
const isTest = /\.(test|spec)\.tsx?$/;

/**
 * Builds the application unless this very source is built already.
 * @param {{ root: string, dataDir: string, progress: import("./progress.mjs").Progress, signal?: AbortSignal }} options
 */
export async function ensureBuilt({ root, dataDir, progress, signal }) {
  const wanted = sourceFingerprint(root);
  if (isBuilt(root, wanted)) return;
  const waiting = () => progress.say("  · another start is building this checkout; waiting for it");
  await withCheckoutLock(root, { waiting }, async () => {
    if (isBuilt(root, wanted)) return;
    await progress.step("Building the app (next build)", async () => {
      const next = join(root, "node_modules", "next", "dist", "bin", "next");
      const log = join(dataDir, "logs", "build.log");
      await runCommand(process.execPath, [next, "build"], { cwd: root, env: buildEnv(), log, signal });
    });
    writeFileSync(stampOf(root), wanted);
  });
}

/** @param {string} root */
const stampOf = (root) => join(root, ".next", "moim-source");

/**
 * @param {string} root
 * @param {string} wanted
 */
function isBuilt(root, wanted) {
  const stamp = stampOf(root);
  return existsSync(join(root, ".next", "BUILD_ID")) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
}

/** @param {string} root */
function sourceFingerprint(root) {
  const hash = createHash("sha256").update(`${process.versions.modules}\n`);
  const top = readdirSync(root).filter((name) => isConfig.test(name)).sort();
  for (const path of [...top, ...folders.flatMap((folder) => filesUnder(root, folder))]) {
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  for (const [name, value] of Object.entries(process.env).sort()) {
    if (name.startsWith("NEXT_PUBLIC_")) hash.update(`${name}=${value}\n`);
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesUnder(root, path);
      return entry.isFile() && !isTest.test(entry.name) ? [path] : [];
    });
}

const passedOn =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SystemRoot|ComSpec|APPDATA|LOCALAPPDATA|PROCESSOR_.*|NUMBER_OF_PROCESSORS|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|.*_proxy|CI|NEXT_PUBLIC_.*)$/i;

/** A build serves every instance of the checkout, so nothing of one instance's configuration may get into it. */
function buildEnv() {
  const kept = Object.entries(process.env).filter(([name]) => passedOn.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: /** @type {const} */ ("production"), NEXT_TELEMETRY_DISABLED: "1" };
}
