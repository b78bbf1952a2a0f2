// @ts-check
import { rmSync } from "node:fs";
import { join } from "node:path";
import { writeJson } from "./files.mjs";

/**
 * What runs where, for tools. A hosted engine has no process here.
 * @typedef {{
 *   app: { url: string, pid: number },
 *   postgres: { url: string, pid: number | null },
 *   inngest: { url: string | null, pid: number | null },
 *   pusher: { host: string, port: number, appId: string, key: string, secret: string },
 *   mail: { url: string, apiKey: string },
 *   atlassian: { url: string | null, pid: number | null },
 *   storage: { url: string | null, bucket: string | null, pid: number | null },
 *   demo: import("./demo.mjs").Demo | null,
 * }} Run
 */

/** @param {string} dataDir */
const pathOf = (dataDir) => join(dataDir, "run.json");

/** @param {string} dataDir @param {Run} run */
export const writeRun = (dataDir, run) => writeJson(pathOf(dataDir), run);

/** @param {string} dataDir */
export const removeRun = (dataDir) => rmSync(pathOf(dataDir), { force: true });
