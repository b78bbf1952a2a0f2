// @ts-check
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endGroup } from "./command.mjs";
import { readJson, writeJson } from "./files.mjs";
import { identify, sleep, waitForExit } from "./processes.mjs";

/**
 * @typedef {{ pid: number, startedAt: string, command: string }} Seen
 * @typedef {Seen & { stopping?: boolean, children: Record<string, Seen> }} Holder
 */

const graceMs = 3_000;
const stoppingMs = 20_000;
/** Long enough for a start that has just made the file to have written into it. */
const blankMs = 500;

/**
 * Makes this process the only start of a data folder. What a killed start left running is ended, but only if it is
 * still the very process that was written down; a pid may belong to someone else by now.
 * @param {string} dataDir
 * @param {import("./progress.mjs").Progress} progress
 */
export async function claimInstance(dataDir, progress) {
  const file = join(dataDir, "instance.json");
  const since = Date.now();
  const me = see(process.pid);
  if (!me) throw new Error("this process cannot see itself");
  for (;;) {
    if (create(file, { ...me, children: {} })) break;
    /** @type {Holder | null} */
    const holder = readJson(file);
    if (holder && isSame(holder)) {
      const patience = holder.stopping ? stoppingMs : graceMs;
      if (Date.now() - since > patience) throw new Error(alreadyRunning(dataDir, holder));
      await sleep(100);
      continue;
    }
    if (!holder && Date.now() - since < blankMs) {
      await sleep(50);
      continue;
    }
    const grave = `${file}.${process.pid}`;
    try {
      // Of several that find the holder dead only one can rename its file.
      renameSync(file, grave);
    } catch {
      continue;
    }
    if (holder) await endLeftovers(holder, progress);
    rmSync(grave, { force: true });
    rmSync(join(dataDir, "run.json"), { force: true });
  }

  /** @type {Holder} */
  const mine = { ...me, children: {} };
  return {
    /** @param {string} name @param {number} pid */
    record(name, pid) {
      const seen = see(pid);
      if (seen) mine.children[name] = seen;
      writeJson(file, mine);
    },
    stopping() {
      mine.stopping = true;
      writeJson(file, mine);
    },
    release: () => rmSync(file, { force: true }),
  };
}

/** @typedef {Awaited<ReturnType<typeof claimInstance>>} InstanceLock */

/**
 * @param {Holder} holder
 * @param {import("./progress.mjs").Progress} progress
 */
async function endLeftovers(holder, progress) {
  const left = Object.entries(holder.children ?? {}).filter(([, child]) => isSame(child));
  progress.say(
    left.length === 0
      ? "  · the last run was killed; taking over its data"
      : `  · the last run was killed; ending what it left running (${left.map(([name]) => name).join(", ")})`,
  );
  for (const [, child] of left) endGroup(child.pid, "SIGTERM");
  await Promise.all(
    left.map(async ([, child]) => {
      if (!(await waitForExit(child.pid, 2_000))) endGroup(child.pid, "SIGKILL");
      await waitForExit(child.pid, 2_000);
    }),
  );
}

/**
 * @param {string} file
 * @param {Holder} holder
 */
function create(file, holder) {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** @param {number} pid @returns {Seen | null} */
function see(pid) {
  const found = identify(pid);
  return found && { pid, ...found };
}

/** @param {Seen} seen */
function isSame(seen) {
  const now = identify(seen.pid);
  return now !== null && now.startedAt === seen.startedAt;
}

/**
 * @param {string} dataDir
 * @param {Holder} holder
 */
function alreadyRunning(dataDir, holder) {
  const url = readJson(join(dataDir, "run.json"))?.app?.url;
  return (
    `Moim already runs on this data folder${url ? ` at ${url}` : ""} (process ${holder.pid}).\n` +
    "Stop it with Ctrl-C where it runs, or start a second instance with MOIM_DATA=/another/folder npm start."
  );
}
