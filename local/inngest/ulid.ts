import { createHash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function encode(ms: number, entropy: Buffer): string {
  let time = "";
  for (let rest = ms, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = ALPHABET.charAt(rest % 32) + time;
  let bits = BigInt(`0x${entropy.toString("hex")}`);
  let tail = "";
  for (let i = 0; i < 16; i++, bits >>= 5n) tail = ALPHABET.charAt(Number(bits & 31n)) + tail;
  return time + tail;
}

let lastMs = 0;
let lastEntropy = 0n;

/** Sorts by time of making, also within one millisecond of one process: lists page by it. */
export function ulid(ms: number): string {
  if (ms > lastMs) {
    lastMs = ms;
    lastEntropy = BigInt(`0x${randomBytes(10).toString("hex")}`) >> 1n;
  } else {
    lastEntropy += 1n;
  }
  return encode(lastMs, Buffer.from(lastEntropy.toString(16).padStart(20, "0"), "hex"));
}

/** The same seed and position always give the same id, so that a send that the SDK repeats is stored once. */
export function ulidFromSeed(ms: number, seed: string, position: number): string {
  return encode(ms, createHash("sha256").update(`${seed}:${position}`).digest().subarray(0, 10));
}
