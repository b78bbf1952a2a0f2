// @ts-check
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openLog } from "./log-file.mjs";
import { worthTelling } from "./said.mjs";
import { supervise } from "./supervise.mjs";

/**
 * @typedef {{
 *   root: string,
 *   dataDir: string,
 *   env: import("./command.mjs").Variables,
 *   announce: (line: string) => void,
 *   say: (line: string) => void,
 *   onPid: (name: string, pid: number) => void,
 * }} Place
 */

/**
 * One of the engines beside this folder: it says `{"ready":true}` when it accepts work.
 * @param {Place} place
 * @param {"mail" | "pusher" | "inngest" | "atlassian" | "storage"} name
 * @param {import("./command.mjs").Variables} own
 */
export function startEngine(place, name, own) {
  return supervise({
    ...common(place, name),
    args: ["--import", "tsx", join(place.root, "local", name, "main.ts")],
    env: { ...place.env, NODE_ENV: "production", MOIM_PARENT_PID: String(process.pid), ...own },
    isReady: (line) => line.startsWith("{") && line.includes('"ready":true'),
    graceMs: 2_500,
  });
}

/**
 * @param {Place} place
 * @param {{ dev: boolean, host: string, port: number, healthUrl: string }} options
 */
export function startApp(place, { dev, host, port, healthUrl }) {
  const next = join(place.root, "node_modules", "next", "dist", "bin", "next");
  const watch = `--import=${pathToFileURL(join(place.root, "local", "start", "parent-watch.mjs"))}`;
  return supervise({
    ...common(place, "app"),
    // In development Next does its work in processes of its own, which have to notice an orphaned state as well.
    args: [...(dev ? [] : [watch]), next, dev ? "dev" : "start", "-H", host, "-p", String(port)],
    env: { ...place.env, ...(dev && { NODE_OPTIONS: [place.env.NODE_OPTIONS, watch].filter(Boolean).join(" ") }) },
    tell: (line, stream) => {
      if (dev) return place.say(`[app] ${line}`);
      const told = worthTelling(line, stream);
      if (told) place.announce(`[app] ${told}`);
    },
    probe: () => answersOk(healthUrl),
    readyMs: 180_000,
    graceMs: 4_000,
  });
}

/**
 * @param {Place} place
 * @param {string} name
 */
function common(place, name) {
  return {
    name,
    command: process.execPath,
    cwd: place.root,
    log: openLog(join(place.dataDir, "logs", `${name}.log`)),
    announce: place.announce,
    tell: (/** @type {string} */ line, /** @type {"stdout" | "stderr"} */ stream) => {
      const told = worthTelling(line, stream);
      if (told) place.announce(`[${name}] ${told}`);
    },
    onPid: (/** @type {number} */ pid) => place.onPid(name, pid),
  };
}

/** @param {string} url */
async function answersOk(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
