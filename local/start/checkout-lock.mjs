// @ts-check
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "./files.mjs";
import { identify, sleep } from "./processes.mjs";

/**
 * One installs or builds at a time in a checkout, however many instances start from it. The lock of a process that
 * died is taken over.
 * @template T
 * @param {string} root
 * @param {{ waiting: () => void }} hooks
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withCheckoutLock(root, hooks, work) {
  const lock = join(root, ".moim-lock");
  const holderFile = join(lock, "holder.json");
  const me = { pid: process.pid, startedAt: identify(process.pid)?.startedAt };
  let told = false;
  for (let emptyRounds = 0; !tryMake(lock); ) {
    const holder = readJson(holderFile);
    emptyRounds = holder ? 0 : emptyRounds + 1;
    const dead = holder ? identify(holder.pid)?.startedAt !== holder.startedAt : emptyRounds > 20;
    if (dead) {
      // Renamed first: of several that find it dead only one gets it.
      const grave = `${lock}-${process.pid}`;
      try {
        renameSync(lock, grave);
        rmSync(grave, { recursive: true, force: true });
      } catch {
        // Someone else took it over.
      }
      continue;
    }
    if (!told) hooks.waiting();
    told = true;
    await sleep(100);
  }
  writeJson(holderFile, me);
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** @param {string} lock */
function tryMake(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}
