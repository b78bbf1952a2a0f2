// @ts-check
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

/**
 * Environment variables. Next's types make NODE_ENV a required part of Node's own, which it is not here.
 * @typedef {Record<string, string | undefined>} Variables
 */

/**
 * Runs a command to its end, keeping what it says in a log; its last lines are told when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: Variables, log: string, shell?: boolean, signal?: AbortSignal, keyLines?: RegExp }} options
 * `keyLines`: which lines say what went wrong, for tools that say it first and at length
 * @returns {Promise<string>} what it wrote to stdout
 */
export function runCommand(command, args, { cwd, env, log, shell = false, signal, keyLines }) {
  return new Promise((resolve, reject) => {
    const out = createWriteStream(log, { flags: "a", mode: 0o600 });
    const child = spawn(command, args, {
      cwd,
      env: /** @type {NodeJS.ProcessEnv} */ (env),
      shell,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    const abort = () => endGroup(child.pid, "SIGKILL");
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    let stdout = "";
    let tail = "";
    const keep = (/** @type {Buffer} */ chunk) => {
      out.write(chunk);
      tail = (tail + chunk.toString()).slice(-20_000);
    };
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      keep(chunk);
    });
    child.stderr.on("data", keep);
    child.once("error", (error) => reject(new Error(`${command} cannot be run: ${error.message}`)));
    child.once("close", (code) => {
      out.end();
      signal?.removeEventListener("abort", abort);
      if (code === 0) return resolve(stdout);
      const lines = tail.trim().split("\n");
      const told = keyLines ? lines.filter((line) => keyLines.test(line)).slice(0, 12) : lines.slice(-30);
      reject(new Error(`\`${[command, ...args].join(" ")}\` failed (${code ?? "killed"}); see ${log}:\n${told.join("\n")}`));
    });
  });
}

/**
 * A child started with `detached` leads a process group; the signal reaches everything that it started.
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
export function endGroup(pid, signal) {
  if (!pid) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // Gone already.
  }
}
