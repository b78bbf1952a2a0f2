// @ts-check
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.mjs";

/** @typedef {{ email: string, signInUrl: string, apiToken: string }} Demo */

/**
 * The demo world (e2e/world.ts): `seed` fills an empty database, `demo` mints a new sign-in link and token.
 * @param {{ root: string, dataDir: string, env: import("./command.mjs").Variables, signal?: AbortSignal }} place
 * @param {"seed" | "demo"} what
 * @returns {Promise<Demo | null>}
 */
export async function runWorld({ root, dataDir, env, signal }, what) {
  const world = join(root, "e2e", "world.ts");
  if (!existsSync(world)) return null;
  const log = join(dataDir, "logs", "world.log");
  const said = await runCommand(process.execPath, ["--import", "tsx", world, what], { cwd: root, env, log, signal });
  const line = said.trim().split("\n").findLast((text) => text.startsWith("{"));
  if (!line) throw new Error(`e2e/world.ts ${what} did not say who can sign in; see ${log}`);
  const { email, signInUrl, apiToken } = JSON.parse(line);
  return { email, signInUrl, apiToken };
}

/**
 * Remembers over a crash that filling has begun but not ended: such a database holds half a world.
 * @param {string} dataDir
 */
export function seedingMark(dataDir) {
  const file = join(dataDir, "seeding");
  return {
    isSet: () => existsSync(file),
    set: () => writeFileSync(file, "", { mode: 0o600 }),
    clear: () => rmSync(file, { force: true }),
  };
}
