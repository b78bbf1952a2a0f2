import type { BrowserName } from "@/lib/platform/browser-name";

/** More than anybody carries; who comes to it has old ones to remove. */
export const devicesMax = 20;

/** P-256: y² = x³ - 3x + b over the field of p (SEC 2, 2.4.2). */
const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

const canonical = (key: string) => key.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** Base64url as browsers give it; padding and the other alphabet are taken, too. Null when it is neither. */
export function bytesOf(key: string): Uint8Array | null {
  const text = canonical(key);
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) return null;
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

export const canonicalKey = canonical;

/**
 * A browser's public key: an uncompressed point that lies on the curve (RFC 8291, 3.1). Encryption to one that does not would fail, or
 * worse, when the first notification is due.
 */
export function isPublicKey(key: string): boolean {
  const bytes = bytesOf(key);
  if (bytes?.length !== 65 || bytes[0] !== 4) return false;
  const x = numberOf(bytes.subarray(1, 33));
  const y = numberOf(bytes.subarray(33));
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}

/** The subscription's shared secret: 16 bytes (RFC 8291, 3.2). */
export const isAuthSecret = (key: string) => bytesOf(key)?.length === 16;

const numberOf = (bytes: Uint8Array) => bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);

/** What a device is called until its owner names it. */
export const guessedName = ({ browser, system }: BrowserName) => [browser, system].filter(Boolean).join(" · ") || "Web";

/** Whether a device shows what happens in `workspaceId`: one that stands in a workspace shows that one and what concerns everybody. */
export const standsIn = (device: { workspaceId: string | null }, workspaceId: string | null) =>
  device.workspaceId === null || workspaceId === null || device.workspaceId === workspaceId;
