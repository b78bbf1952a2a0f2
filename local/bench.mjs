// @ts-check
// `npm run bench`: every file of bench/ in order, against an instance of its own; `npm run bench -- inbox` runs those
// whose name holds the word. Figures only: nothing here fails for being slow.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkNode } from "./start/check-node.mjs";
import { ensureInstalled } from "./start/install.mjs";
import { createProgress } from "./start/progress.mjs";
import { startIsolated } from "./test/isolated-instance.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dataDir = join(root, ".moim-bench", "instance");
/** These start what they measure; an instance beside them would share the machine. */
const alone = new Set(["startup.ts"]);
/** One client does here in a minute what a limit is there to refuse. */
const unlimited = { API_TOKEN_REQUESTS_PER_MINUTE: "10000000", OUTSIDE_GUESTS_PER_HOUR: "10000000" };
const progress = createProgress();
const interruption = new AbortController();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => interruption.abort(new Error("interrupted")));
}

try {
  checkNode();
  process.chdir(root);
  mkdirSync(join(root, ".moim-test", "logs"), { recursive: true });
  await ensureInstalled({ root, dataDir: join(root, ".moim-test"), progress, signal: interruption.signal });
  await bench(process.argv.slice(2));
} catch (error) {
  progress.say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** @param {string[]} words */
async function bench(words) {
  const files = readdirSync(join(root, "bench"))
    .filter((name) => /^[^_.].*(?<!\.(test|d))\.ts$/.test(name))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort();
  if (files.length === 0) return progress.say("nothing to run");
  for (const file of files.filter((name) => alone.has(name))) await measure(file);
  const rest = files.filter((name) => !alone.has(name));
  if (rest.length === 0 || interruption.signal.aborted) return;
  const instance = await progress.step("Starting an instance to measure", () =>
    startIsolated({ root, dataDir, env: unlimited, signal: interruption.signal }),
  );
  try {
    for (const file of rest) await measure(file, instance.runJson);
  } finally {
    await instance.stop();
  }
}

/** @param {string} file @param {string} [runJson] */
async function measure(file, runJson) {
  if (interruption.signal.aborted) return;
  progress.say(`\n━━ ${file.replace(/\.ts$/, "")} ${"━".repeat(Math.max(0, 70 - file.length))}`);
  if (await run(file, runJson)) return;
  progress.say(`${file} broke off`);
  process.exitCode = 1;
}

/**
 * @param {string} file
 * @param {string} [runJson]
 * @returns {Promise<boolean>}
 */
function run(file, runJson) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ["--import", "tsx", join(root, "bench", file)], {
      cwd: root,
      env: { ...process.env, RUN_JSON: runJson, MOIM_DATA: dataDir },
      stdio: "inherit",
    });
    interruption.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
    child.once("error", fail);
    child.once("close", (code) => done(code === 0));
  });
}
