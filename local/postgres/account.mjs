// @ts-check
import { readFileSync } from "node:fs";
import { chown, readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * Who runs PostgreSQL. It refuses to run as root, so root lends it an account without rights.
 * @typedef {{
 *   name: string,
 *   switched: boolean,
 *   spawn: { uid?: number, gid?: number },
 *   reaches: (path: string) => Promise<boolean>,
 *   own: (path: string) => Promise<void>,
 * }} Account
 */

/**
 * @param {string} cluster the data folder of PostgreSQL; when it exists, its owner runs it
 * @returns {Promise<Account>}
 */
export async function chooseAccount(cluster) {
  if (process.getuid?.() !== 0) {
    return { name: "", switched: false, spawn: {}, reaches: async () => true, own: async () => {} };
  }
  const owner = await stat(cluster).catch(() => null);
  const { name, uid, gid } = (owner && owner.uid !== 0 && passwd(String(owner.uid))) || nobody();
  return {
    name,
    switched: true,
    spawn: { uid, gid },
    reaches: (path) => reaches(path, uid, gid),
    own: (path) => own(path, uid, gid),
  };
}

function nobody() {
  const found = passwd("nobody");
  if (found) return found;
  throw new Error("PostgreSQL refuses to run as root, and this system has no user `nobody` to run it as.");
}

/**
 * @param {string} nameOrUid
 */
function passwd(nameOrUid) {
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
    const [name = "", , uid = "", gid = ""] = line.split(":");
    if (name && (name === nameOrUid || uid === nameOrUid)) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

/**
 * Whether every folder on the way to a path lets the user pass. Group lists and ACLs are left out: a false "no" only
 * costs a copy.
 * @param {string} path
 * @param {number} uid
 * @param {number} gid
 */
async function reaches(path, uid, gid) {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found?.isDirectory()) {
      const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
      if (!(found.mode & bit)) return false;
    }
    if (dirname(folder) === folder) return true;
  }
}

/**
 * @param {string} path
 * @param {number} uid
 * @param {number} gid
 */
async function own(path, uid, gid) {
  await chown(path, uid, gid);
  if (!(await stat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await own(join(path, name), uid, gid);
}
