// @ts-check
import { appendFileSync, renameSync, statSync } from "node:fs";

const limitBytes = 10_000_000;

/**
 * A log that keeps at most about twenty megabytes: the current file and the one before it.
 * @param {string} path
 */
export function openLog(path) {
  let size = 0;
  try {
    size = statSync(path).size;
  } catch {
    // There is none yet.
  }
  return {
    /** @param {string} line */
    write(line) {
      if (size > limitBytes) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
      size += line.length + 1;
    },
  };
}
