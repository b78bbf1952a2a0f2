// @ts-check
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { endGroup } from "./command.mjs";
import { isAlive, sleep, waitForExit } from "./processes.mjs";

const backoffMs = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000];
const steadyMs = 30_000;
const firstTries = 3;

/**
 * @typedef {{
 *   name: string,
 *   command: string,
 *   args: string[],
 *   cwd: string,
 *   env: import("./command.mjs").Variables,
 *   log: { write: (line: string) => void },
 *   tell: (line: string, stream: "stdout" | "stderr") => void,
 *   announce: (line: string) => void,
 *   isReady?: (line: string) => boolean,
 *   probe?: () => Promise<boolean>,
 *   readyMs?: number,
 *   graceMs: number,
 *   onPid?: (pid: number) => void,
 * }} ChildOptions
 * Ready is either a line on stdout (`isReady`) or a `probe` that is repeated until it says yes.
 */

/**
 * Keeps one program running until it is stopped. `ready` rejects when it never gets there; later deaths are answered
 * by a restart, the sooner the longer it has lived.
 * @param {ChildOptions} options
 */
export function supervise(options) {
  let stopping = false;
  let failures = 0;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  /** Before it is ready its output is kept back: a retry may be all it takes, and a failure tells the end of it. */
  /** @type {string[]} */
  let lastWords = [];
  let isUp = false;

  /** @returns {Promise<void>} resolves when ready, rejects when it ends or takes too long before that */
  function launch() {
    return new Promise((ready, failed) => {
      const bornAt = Date.now();
      isUp = false;
      lastWords = [];
      const now = spawn(options.command, options.args, {
        cwd: options.cwd,
        env: /** @type {NodeJS.ProcessEnv} */ (options.env),
        // Its own group: Ctrl-C in the terminal reaches the start alone, which stops everyone in order.
        detached: process.platform !== "win32",
        stdio: ["ignore", "pipe", "pipe"],
      });
      child = now;
      if (now.pid) options.onPid?.(now.pid);

      const up = () => {
        isUp = true;
        clearTimeout(tooLong);
        ready();
      };
      const tooLong = setTimeout(() => {
        failed(new Error(`${options.name} was not ready after ${(options.readyMs ?? 60_000) / 1000} s`));
        endGroup(now.pid, "SIGKILL");
      }, options.readyMs ?? 60_000);

      createInterface({ input: now.stdout }).on("line", (line) => {
        if (!isUp && options.isReady?.(line)) return up();
        keep(line, "stdout");
      });
      createInterface({ input: now.stderr }).on("line", (line) => keep(line, "stderr"));
      const { probe } = options;
      if (probe) void pollUntil(probe, () => now.exitCode !== null || now.signalCode !== null).then((yes) => yes && up());

      now.once("error", (error) => failed(new Error(`${options.name} cannot be run: ${error.message}`)));
      now.once("exit", (code, signal) => {
        clearTimeout(tooLong);
        const how = signal ?? `code ${code}`;
        if (stopping) return failed(new Error(`${options.name} was stopped`));
        if (!isUp) return failed(new Error(`${options.name} ended before it was ready (${how})\n${lastWords.join("\n")}`.trim()));
        endGroup(now.pid, "SIGKILL");
        failures = Date.now() - bornAt > steadyMs ? 0 : failures;
        options.announce(`${options.name} ended unexpectedly (${how}); starting it again`);
        void restart();
      });
    });
  }

  async function restart() {
    while (!stopping) {
      await sleep(backoffMs[Math.min(failures, backoffMs.length - 1)] ?? 0);
      failures += 1;
      if (stopping) return;
      try {
        await launch();
        options.announce(`${options.name} runs again`);
        return;
      } catch (error) {
        if (!stopping) options.announce(error instanceof Error ? error.message : String(error));
      }
    }
  }

  /** @param {string} line @param {"stdout" | "stderr"} stream */
  function keep(line, stream) {
    options.log.write(line);
    lastWords = [...lastWords.slice(-14), line.slice(0, 500)];
    if (isUp) options.tell(line, stream);
  }

  async function firstLaunch() {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await launch();
      } catch (error) {
        if (attempt === firstTries || stopping) throw error;
        await sleep(300 * attempt);
      }
    }
  }

  return {
    name: options.name,
    ready: firstLaunch(),
    pid: () => child?.pid ?? 0,
    async stop() {
      stopping = true;
      const pid = child?.pid;
      if (!pid || !isAlive(pid)) return;
      endGroup(pid, "SIGTERM");
      if (await waitForExit(pid, options.graceMs)) return;
      endGroup(pid, "SIGKILL");
      await waitForExit(pid, 2_000);
    },
    kill() {
      stopping = true;
      endGroup(child?.pid, "SIGKILL");
    },
  };
}

/** @typedef {ReturnType<typeof supervise>} Child */

/**
 * @param {() => Promise<boolean>} probe
 * @param {() => boolean} isOver
 */
async function pollUntil(probe, isOver) {
  while (!isOver()) {
    if (await probe()) return true;
    await sleep(100);
  }
  return false;
}
