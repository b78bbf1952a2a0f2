// @ts-check
// `npm test`: everything that must hold, on a machine that has only Node and npm. `npm test -- unit e2e` runs some
// stages; `npm test -- unit lib/meetings` hands the rest to the stage's tool. Only Node's own modules may be imported
// above `ensureInstalled`.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkNode } from "./start/check-node.mjs";
import { ensureInstalled } from "./start/install.mjs";
import { createProgress } from "./start/progress.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const progress = createProgress();
const interruption = new AbortController();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => interruption.abort(new Error("interrupted")));
}

/** @type {{ title: string, seconds: number, passed: number, failed: number, note?: string }[]} */
const results = [];

try {
  checkNode();
  process.chdir(root);
  const dataDir = join(root, ".moim-test");
  mkdirSync(join(dataDir, "logs"), { recursive: true });
  await ensureInstalled({ root, dataDir, progress, signal: interruption.signal });
  const { stages } = await import("./test/stages.mjs");
  const words = process.argv.slice(2);
  const chosen = words.filter((word) => word in stages);
  const extra = words.filter((word) => !(word in stages));
  if (extra.length > 0 && chosen.length !== 1) {
    throw new Error(`"${extra.join(" ")}" is no stage; there are ${Object.keys(stages).join(", ")}.`);
  }
  for (const [name, stage] of Object.entries(stages)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    await runStage(stage, extra);
    if (interruption.signal.aborted) break;
  }
} catch (error) {
  progress.say(messageOf(error));
  results.push({ title: "Preparation", seconds: 0, passed: 0, failed: 1 });
}
summarize();

/**
 * @param {import("./test/stages.mjs").Stage} stage
 * @param {string[]} extra
 */
async function runStage({ title, run }, extra) {
  const since = Date.now();
  progress.say(`\n━━ ${title} ${"━".repeat(Math.max(0, 70 - title.length))}`);
  /** @type {import("./test/stages.mjs").Outcome} */
  let outcome;
  try {
    outcome = await run({ root, extra, progress, signal: interruption.signal });
  } catch (error) {
    progress.say(messageOf(error));
    outcome = { passed: 0, failed: 1 };
  }
  results.push({ title, seconds: (Date.now() - since) / 1000, ...outcome });
  if (outcome.note) progress.say(outcome.note);
}

function summarize() {
  progress.say(`\n━━ Summary ${"━".repeat(62)}`);
  for (const { title, seconds, passed, failed, note } of results) {
    const figures = passed + failed === 0 ? "" : `${passed} passed${failed ? `, ${failed} FAILED` : ""}`;
    progress.say(`  ${failed ? "✗" : "✓"} ${title.padEnd(18)} ${`${seconds.toFixed(1)} s`.padStart(8)}   ${[figures, note].filter(Boolean).join("; ")}`);
  }
  const sum = (/** @type {"passed" | "failed"} */ key) => results.reduce((total, result) => total + result[key], 0);
  const interrupted = interruption.signal.aborted ? 1 : 0;
  process.exitCode = sum("failed") + interrupted > 0 ? 1 : 0;
  progress.say(`\n${sum("passed")} passed, ${sum("failed") + interrupted} failed`);
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
