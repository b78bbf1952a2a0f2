import { Transform, type TransformCallback } from "node:stream";
import { readStored } from "@/lib/platform/storage";

/** Bytes of a file to be replaced by as many others. */
export interface Patch {
  at: number;
  bytes: Buffer;
}

const indexBytesMax = 32 * 1024 * 1024;
const boxesMax = 200;
/** A recording says where it was made a few times; one that says it a million times was made to hold up whoever reads it. */
const patchesMax = 1_000;
/** XMP in ISO base media (XMP specification part 3, section 1.2.1). */
const xmpUuid = "be7acfcb97a942e89c71999491e3afac";
const containers = new Set(["moov", "trak", "udta", "mdia", "minf"]);

/**
 * Where a recording in the MP4 family (ISO 14496-12, QuickTime) says where it was made: `©xyz`, `loci`, Apple's location keys and XMP.
 * Each is made free space of the same size, so nothing else moves and nothing is encoded again. Tracks of positions, as sports
 * cameras write them, are left. Null when it says so more often than anybody does.
 */
export async function whereaboutsIn(key: string, bytes: number): Promise<Patch[] | null> {
  const patches: Patch[] = [];
  for (let at = 0, boxes = 0; at + 8 <= bytes && boxes < boxesMax; boxes += 1) {
    const head = await readStored(key, { from: at, to: Math.min(at + 32, bytes) - 1 });
    const box = boxAt(head, 0, bytes - at);
    if (!box) break;
    if (box.type === "uuid" && head.subarray(box.head, box.head + 16).toString("hex") === xmpUuid && box.size <= indexBytesMax) patches.push(freed(at, box));
    if (box.type === "moov" && box.size <= indexBytesMax) {
      const index = await readStored(key, { from: at, to: at + box.size - 1 });
      const found = whereaboutsOf(index);
      if (!found) return null;
      patches.push(...found.map((patch) => ({ ...patch, at: patch.at + at })));
    }
    at += box.size;
  }
  return patches.sort((one, other) => one.at - other.at);
}

/** The same in an index (`moov`) held in memory. */
export function whereaboutsOf(index: Buffer): Patch[] | null {
  const patches: Patch[] = [];
  const open: { from: number; to: number; within: string }[] = [{ from: 0, to: index.byteLength, within: "" }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { to, within } = next;
    for (let at = next.from, box = boxAt(index, at, to - at); box; at += box.size, box = boxAt(index, at, to - at)) {
      if (box.type === "\u00a9xyz" || box.type === "loci" || box.type === "XMP_") patches.push(freed(at, box));
      else if (box.type === "meta") patches.push(...locationsIn(index, at, box, patchesMax + 1 - patches.length));
      else if (containers.has(box.type) && box.type !== within) open.push({ from: at + box.head, to: at + box.size, within: box.type });
      if (patches.length > patchesMax) return null;
    }
  }
  return patches;
}

interface Box {
  type: string;
  size: number;
  /** How much of it is its own head. */
  head: number;
}

function boxAt(bytes: Buffer, at: number, room: number): Box | null {
  if (room < 8 || at + 8 > bytes.byteLength) return null;
  const short = bytes.readUInt32BE(at);
  const long = short === 1 && at + 16 <= bytes.byteLength;
  const size = long ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? room : short;
  const head = long ? 16 : 8;
  if (size < head || size > room) return null;
  return { type: bytes.toString("latin1", at + 4, at + 8), size, head };
}

function freed(at: number, { size, head }: Box): Patch {
  const bytes = Buffer.alloc(size - 4);
  bytes.write("free", "latin1");
  // A long size stands behind the type and stays.
  return head === 16 ? { at: at + 16, bytes: Buffer.alloc(size - 16) } : { at: at + 4, bytes };
}

/** Apple's metadata: `keys` names its entries, `ilst` holds them under their number. Stops at `most`. */
function locationsIn(index: Buffer, at: number, meta: Box, most: number): Patch[] {
  // QuickTime's `meta` has no version before its boxes, that of ISO has.
  const start = at + meta.head + (index.toString("latin1", at + meta.head + 4, at + meta.head + 8) === "hdlr" ? 0 : 4);
  const named = new Set<number>();
  const patches: Patch[] = [];
  for (let from = start, box = boxAt(index, from, at + meta.size - from); box; from += box.size, box = boxAt(index, from, at + meta.size - from)) {
    if (box.type === "keys") for (const number of locationKeys(index, from + box.head + 8, from + box.size)) named.add(number);
    if (box.type !== "ilst") continue;
    const end = from + box.size;
    for (let entry = from + box.head, item = boxAt(index, entry, end - entry); item && patches.length < most; entry += item.size, item = boxAt(index, entry, end - entry)) {
      if (named.has(index.readUInt32BE(entry + 4)) || item.type === "\u00a9xyz") patches.push(freed(entry, item));
    }
  }
  return patches;
}

function locationKeys(index: Buffer, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = from, number = 1; at + 8 <= to; number += 1) {
    const size = index.readUInt32BE(at);
    if (size < 8 || at + size > to) break;
    if (/location/i.test(index.toString("latin1", at + 8, at + size))) found.push(number);
    at += size;
  }
  return found;
}

/** Bytes as they pass, with the patches (in order) laid over them. */
export function patched(patches: Patch[]): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      const from = passed;
      passed += chunk.byteLength;
      const touching = patches.filter(({ at, bytes }) => at < passed && at + bytes.byteLength > from);
      if (touching.length === 0) return done(null, chunk);
      const copy = Buffer.from(chunk);
      for (const { at, bytes } of touching) bytes.copy(copy, Math.max(0, at - from), Math.max(0, from - at));
      done(null, copy);
    },
  });
}
