// @ts-check
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "../start/build.mjs";
import { endGroup } from "../start/command.mjs";
import { readJson } from "../start/files.mjs";
import { anyFreePort } from "../start/ports.mjs";
import { ensureBrowser } from "./browser.mjs";
import { startIsolated } from "./isolated-instance.mjs";

/**
 * @typedef {{ passed: number, failed: number, note?: string }} Outcome
 * @typedef {{
 *   root: string,
 *   extra: string[],
 *   progress: import("../start/progress.mjs").Progress,
 *   signal: AbortSignal,
 * }} Context `extra`: words after the stage's name, handed to its tool
 * @typedef {{
 *   numPassedTests: number,
 *   numFailedTests: number,
 *   numPendingTests: number,
 *   testResults: { status: string, assertionResults: unknown[] }[],
 * }} VitestReport
 * @typedef {{ title: string, run: (context: Context) => Promise<Outcome> }} Stage
 */

/** @type {Record<string, Stage>} in the order in which they run: the cheapest answer first */
export const stages = {
  types: { title: "Types", run: types },
  lint: { title: "Lint", run: (context) => gate(context, ["eslint/bin/eslint.js", ".", "--max-warnings", "0"]) },
  arch: { title: "Architecture", run: architecture },
  unit: { title: "Unit tests", run: (context) => vitest(context, "unit") },
  db: { title: "Database tests", run: (context) => vitest(context, "db") },
  build: { title: "Build", run: build },
  e2e: { title: "End-to-end tests", run: endToEnd },
};

const nothing = { passed: 0, failed: 0, note: "nothing to run" };

/** @param {Context} context */
async function types(context) {
  // Writes next-env.d.ts and the types of routes, which a fresh clone lacks.
  if (existsSync(join(context.root, "app"))) await tool(context, ["next/dist/bin/next", "typegen"]);
  return gate(context, ["typescript/bin/tsc", "--noEmit"]);
}

/** @param {Context} context */
function architecture(context) {
  const places = ["app", "components", "lib", "inngest", "local", "e2e", "bench", "proxy.ts", "instrumentation.ts"];
  const there = places.filter((place) => existsSync(join(context.root, place)));
  return gate(context, ["dependency-cruiser/bin/dependency-cruise.mjs", "--config", ".dependency-cruiser.cjs", ...there]);
}

/** @param {Context} context @param {string} project */
async function vitest(context, project) {
  const report = reportFile(context, project);
  const args = ["vitest/vitest.mjs", "run", "--project", project, "--passWithNoTests", "--reporter=default", "--reporter=json"];
  const ok = await tool(context, [...args, `--outputFile.json=${report}`, ...context.extra]);
  /** @type {VitestReport | null} */
  const told = readJson(report);
  if (!told) return { passed: 0, failed: 1, note: "the run broke off" };
  if (told.testResults.length === 0 && ok) return nothing;
  // A file that cannot even be loaded has no tests to fail, and an error outside any test fails the run alone.
  const unloaded = told.testResults.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0);
  const failed = told.numFailedTests + unloaded.length;
  const note = told.numPendingTests ? `${told.numPendingTests} skipped` : undefined;
  return { passed: told.numPassedTests, failed: ok ? failed : Math.max(failed, 1), note };
}

/** @param {Context} context */
async function build({ root, progress, signal }) {
  if (!existsSync(join(root, "app"))) return nothing;
  const dataDir = join(root, ".moim-test");
  mkdirSync(join(dataDir, "logs"), { recursive: true });
  await ensureBuilt({ root, dataDir, progress, signal });
  return { passed: 1, failed: 0 };
}

/** @param {Context} context */
async function endToEnd(context) {
  const { root, progress, signal, extra } = context;
  const folder = join(root, "e2e");
  const specs = existsSync(folder) ? readdirSync(folder, { recursive: true }).filter((name) => /\.spec\.ts$/.test(String(name))) : [];
  if (specs.length === 0) return nothing;
  await ensureBrowser({ root, say: progress.say });
  // Where a test plays the push service of a browser.
  const pushPort = String(await anyFreePort());
  // Where a test is the program that an organization's webhooks go to.
  const receiverPort = String(await anyFreePort());
  const instance = await progress.step("Starting an instance for the browser", () =>
    startIsolated({ root, dataDir: join(root, ".moim-e2e"), env: { MEETING_MERGE_SECONDS: "3", OUTBOUND_ALLOW: `127.0.0.1:${pushPort},127.0.0.1:${receiverPort}` }, signal }),
  );
  try {
    const report = reportFile(context, "e2e");
    const env = { E2E_RUN_JSON: instance.runJson, E2E_PUSH_PORT: pushPort, E2E_RECEIVER_PORT: receiverPort, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
    const ok = await tool(context, ["@playwright/test/cli.js", "test", "--reporter=list,json", ...extra], env);
    const stats = readJson(report)?.stats;
    if (!stats) return { passed: 0, failed: 1, note: "the run broke off" };
    const notes = [stats.flaky && `${stats.flaky} only at the second try`, stats.skipped && `${stats.skipped} skipped`];
    return {
      passed: stats.expected + stats.flaky,
      failed: ok ? stats.unexpected : Math.max(stats.unexpected, 1),
      note: notes.filter(Boolean).join(", ") || undefined,
    };
  } finally {
    await instance.stop();
  }
}

/** @param {Context} context @param {string[]} command */
async function gate(context, command) {
  return (await tool(context, [...command, ...context.extra])) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** @param {Context} context @param {string} name */
function reportFile({ root }, name) {
  const folder = join(root, ".moim-test");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/**
 * Runs a tool from node_modules in the terminal; true when it is content.
 * @param {Context} context
 * @param {string[]} command
 * @param {Record<string, string>} [env]
 * @returns {Promise<boolean>}
 */
function tool({ root, signal }, [file = "", ...args], env = {}) {
  return new Promise((done, fail) => {
    const { NODE_ENV: _production, ...inherited } = process.env;
    /** @type {import("../start/command.mjs").Variables} */
    const variables = { ...inherited, NEXT_TELEMETRY_DISABLED: "1", ...env };
    const child = spawn(process.execPath, [join(root, "node_modules", file), ...args], {
      cwd: root,
      env: /** @type {NodeJS.ProcessEnv} */ (variables),
      stdio: ["ignore", "inherit", "inherit"],
    });
    const abort = () => endGroup(child.pid, "SIGTERM");
    signal.addEventListener("abort", abort, { once: true });
    child.once("error", fail);
    child.once("close", (code) => {
      signal.removeEventListener("abort", abort);
      done(code === 0);
    });
  });
}
