// @ts-check
import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import { readJson, writeJson } from "./files.mjs";

const makers = {
  NEXTAUTH_SECRET: () => randomBytes(32).toString("base64url"),
  LINK_SECRET: () => randomBytes(32).toString("base64url"),
  ENCRYPTION_KEYS: () => `k1:${randomBytes(32).toString("base64")}`,
  INNGEST_CALLER_SECRET: () => randomBytes(32).toString("base64url"),
  PUSHER_APP_ID: () => String(randomInt(100_000, 10_000_000)),
  PUSHER_KEY: () => randomBytes(10).toString("hex"),
  PUSHER_SECRET: () => randomBytes(20).toString("hex"),
  RESEND_API_KEY: () => `re_${randomBytes(18).toString("base64url")}`,
};

/** @typedef {Record<keyof typeof makers, string>} Secrets */

/**
 * This instance's secrets, made once. One that a newer version asks for joins the others, which stay as they are.
 * @param {string} dataDir
 * @returns {Secrets}
 */
export function loadSecrets(dataDir) {
  const file = join(dataDir, "secrets.json");
  /** @type {Partial<Secrets>} */
  const kept = readJson(file) ?? {};
  const made = Object.entries(makers).map(([name, make]) => [name, kept[/** @type {keyof Secrets} */ (name)] ?? make()]);
  const secrets = /** @type {Secrets} */ (Object.fromEntries(made));
  if (Object.keys(makers).some((name) => !(name in kept))) writeJson(file, { ...kept, ...secrets });
  return secrets;
}
