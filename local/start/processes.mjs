// @ts-check
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Whether a process runs. A zombie counts as gone: in a container whose pid 1 never reaps, a killed process stays
 * in the table for good and `kill(pid, 0)` would call it alive for ever.
 * @param {number} pid
 */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPERM") return false;
  }
  return linuxStat(pid)?.state !== "Z";
}

/**
 * What tells this process from a later one that was given the same pid, or null when it is gone.
 * @param {number} pid
 * @returns {{ startedAt: string, command: string } | null}
 */
export function identify(pid) {
  if (!isAlive(pid)) return null;
  if (process.platform === "linux") {
    const stat = linuxStat(pid);
    if (!stat) return null;
    return { startedAt: stat.startTicks, command: readOr(`/proc/${pid}/cmdline`, "").replaceAll("\0", " ").trim() };
  }
  if (process.platform === "win32") return { startedAt: "", command: "" };
  try {
    const line = execFileSync("ps", ["-o", "lstart=,command=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return { startedAt: line.slice(0, 24), command: line.slice(24).trim() };
  } catch {
    return null;
  }
}

/**
 * The parent of a process, or null when it is gone or the system does not tell cheaply.
 * @param {number} pid
 */
export function parentOf(pid) {
  const stat = linuxStat(pid);
  return stat ? Number(stat.parent) : null;
}

/**
 * Waits until a process is gone; false when it still runs after the time.
 * @param {number} pid
 * @param {number} timeoutMs
 */
export async function waitForExit(pid, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}

/** @param {number} milliseconds */
export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param {number} pid */
function linuxStat(pid) {
  if (process.platform !== "linux") return null;
  const stat = readOr(`/proc/${pid}/stat`, "");
  if (!stat) return null;
  // The second field is the program's name in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", parent: fields[1] ?? "", startTicks: fields[19] ?? "" };
}

/**
 * @param {string} path
 * @param {string} otherwise
 */
function readOr(path, otherwise) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}
