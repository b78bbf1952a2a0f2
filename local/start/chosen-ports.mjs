// @ts-check
import { join } from "node:path";
import { readJson, writeJson } from "./files.mjs";
import { nextFreePort } from "./ports.mjs";

const defaults = { app: 3000, postgres: 54329, inngest: 8288, pusher: 6001, mail: 8025, atlassian: 8030, storage: 8040 };

/** @typedef {Record<keyof typeof defaults, number>} Ports */

/**
 * A port for every part that runs here: the one it had last time or its usual one, or the next free one above. The
 * choice is kept, so that links in mails and bookmarks stay good over restarts.
 * @param {{
 *   dataDir: string,
 *   env: import("./command.mjs").Variables,
 *   engines: import("./settings.mjs").Engines,
 *   adopted: Partial<Ports>,
 *   say: (line: string) => void,
 * }} options `adopted`: ports of what a killed start left running and this one takes over
 * @returns {Promise<Ports>}
 */
export async function choosePorts({ dataDir, env, engines, adopted, say }) {
  const file = join(dataDir, "ports.json");
  /** @type {Partial<Ports>} */
  const kept = readJson(file) ?? {};
  const asked = { app: parsePort(env.PORT) };
  const ports = { ...defaults, ...kept, ...adopted };
  const taken = new Set(Object.values(adopted));
  for (const name of /** @type {(keyof Ports)[]} */ (Object.keys(defaults))) {
    if (name in adopted || (name !== "app" && !engines[name])) continue;
    const wanted = (name === "app" ? asked.app : undefined) ?? kept[name] ?? defaults[name];
    const port = await nextFreePort(wanted, taken);
    if (port !== wanted) say(`  ! port ${wanted} is taken; ${name} moves to ${port}`);
    taken.add(port);
    ports[name] = port;
  }
  writeJson(file, ports);
  return ports;
}

/** @param {string | undefined} text */
function parsePort(text) {
  if (!text) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`PORT must be a number from 1 to 65535, not "${text}"`);
}
