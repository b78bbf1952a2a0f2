// @ts-check
// `npm start` and `npm run dev`. Runs before anything is installed: only Node's own modules may be imported above
// `ensureInstalled`. README.md beside this file tells the story.
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkNode } from "./start/check-node.mjs";
import { ensureInstalled } from "./start/install.mjs";
import { claimInstance } from "./start/instance-lock.mjs";
import { onLostParent, onStopRequest } from "./start/stop-request.mjs";
import { createProgress } from "./start/progress.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dev = process.argv.includes("--dev");
const dataDir = resolve(root, process.env.MOIM_DATA || ".moim");

process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

try {
  checkNode();
  await main();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function main() {
  process.chdir(root);
  // As root, PostgreSQL runs as someone else, who has to pass through; what is secret inside has its own mode.
  mkdirSync(join(dataDir, "logs"), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const progress = createProgress();
  const interruption = new AbortController();
  const { signal } = interruption;
  const lock = await claimInstance(dataDir, progress);
  process.once("exit", lock.release);

  /** @type {ReturnType<typeof import("./start/stack.mjs").createStack> | undefined} */
  let stack;
  /** @type {Promise<void>} */
  let starting = Promise.resolve();
  /** @type {Promise<void> | undefined} */
  let stopping;

  /** @param {number} exitCode */
  function stop(exitCode) {
    stopping ??= (async () => {
      interruption.abort(new Error("stopped"));
      lock.stopping();
      progress.say("\nStopping …");
      await starting.catch(() => {});
      await stack?.down();
      progress.say("Stopped. All data is kept.");
      process.exit(exitCode);
    })();
    return stopping;
  }
  onStopRequest(
    () => void stop(0),
    () => {
      stack?.kill();
      process.exit(130);
    },
  );
  onLostParent(() => void stop(1));

  try {
    await ensureInstalled({ root, dataDir, progress, signal });
    const { createStack } = await import("./start/stack.mjs");
    stack = createStack({ root, dataDir, dev, env: process.env, progress, lock, signal });
    starting = stack.up();
    await starting;
  } catch (error) {
    if (stopping) return stopping;
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    await stop(1);
  }
}
