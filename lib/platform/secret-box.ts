import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { env } from "./env";

/**
 * Secrets at rest: AES-256-GCM (NIST SP 800-38D) under a key that lives outside the database. A box names its key, so that keys can
 * rotate: the first of ENCRYPTION_KEYS seals, every one of them opens. It is bound to its place (`context`, e.g. `credential:crd_…`), so
 * that a box copied into another row does not open there.
 */
const version = "v1";
const ivBytes = 12;
const tagBytes = 16;

interface Key {
  id: string;
  bytes: Buffer;
}

const keys = (): Key[] =>
  env()
    .ENCRYPTION_KEYS.split(",")
    .map((entry) => {
      const [id = "", base64 = ""] = entry.split(":");
      return { id, bytes: Buffer.from(base64, "base64") };
    });

export function seal(secret: string, context: string): string {
  const [key] = keys();
  if (!key) throw new Error("ENCRYPTION_KEYS names no key");
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return [version, key.id, iv.toString("base64url"), sealed.toString("base64url")].join(".");
}

/** @throws Error when the box was altered, stands in another place, or its key is gone. */
export function open(box: string, context: string): string {
  const [given, keyId, iv = "", sealed = ""] = box.split(".");
  const key = keys().find(({ id }) => id === keyId);
  if (given !== version || !key) throw new Error(`no key of ENCRYPTION_KEYS opens a secret sealed with "${keyId}"`);
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, Buffer.from(iv, "base64url"), { authTagLength: tagBytes }).setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString("utf8");
}

/** The key that seals; it stands in a box between the first two dots. */
export const sealingKeyId = () => keys()[0]?.id ?? "";

/** Whether it was sealed with a key that no longer seals, so that it can be sealed anew. */
export const isSealedWithOldKey = (box: string) => box.split(".")[1] !== sealingKeyId();
