// @ts-check
import { createECDH, randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import { readJson, writeJson } from "./files.mjs";

const makers = {
  NEXTAUTH_SECRET: () => randomBytes(32).toString("base64url"),
  LINK_SECRET: () => randomBytes(32).toString("base64url"),
  ENCRYPTION_KEYS: () => `k1:${randomBytes(32).toString("base64")}`,
  METRICS_TOKEN: () => randomBytes(32).toString("base64url"),
  INNGEST_CALLER_SECRET: () => randomBytes(32).toString("base64url"),
  PUSHER_APP_ID: () => String(randomInt(100_000, 10_000_000)),
  PUSHER_KEY: () => randomBytes(10).toString("hex"),
  PUSHER_SECRET: () => randomBytes(20).toString("hex"),
  VAPID_PRIVATE_KEY: () => newVapidKey(),
  RESEND_WEBHOOK_SECRET: () => `whsec_${randomBytes(32).toString("base64")}`,
  JIRA_CLIENT_ID: () => randomBytes(24).toString("base64url"),
  JIRA_CLIENT_SECRET: () => `ATOA${randomBytes(48).toString("base64url")}`,
  S3_ACCESS_KEY_ID: () => `MOIM${randomBytes(8).toString("hex").toUpperCase()}`,
  S3_SECRET_ACCESS_KEY: () => randomBytes(30).toString("base64url"),
  RESEND_API_KEY: () => `re_${randomBytes(18).toString("base64url")}`,
};

/** A scalar of P-256 in its full 32 bytes, as web-push wants it. */
function newVapidKey() {
  const ecdh = createECDH("prime256v1");
  ecdh.generateKeys();
  return Buffer.concat([Buffer.alloc(32), ecdh.getPrivateKey()]).subarray(-32).toString("base64url");
}

/**
 * What browsers know this server by. Derived, so that the two halves of the pair can never come from different starts.
 * @param {string} privateKey
 */
export function vapidPublicKey(privateKey) {
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(Buffer.from(privateKey, "base64url"));
  return ecdh.getPublicKey("base64url");
}

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
