import type { FileHandle } from "node:fs/promises";

/** What is kept of an object beside its bytes. */
export interface ObjectHead {
  key: string;
  bytes: number;
  /** Lower-case hexadecimal MD5 of the bytes; quoted, it is the ETag. */
  md5: string;
  modifiedAtMs: number;
  /** Content-Type and its like, and x-amz-meta-*, by lower-case name. */
  headers: Record<string, string>;
}

/**
 * One file an object: its bytes, then what is known of them, then how long that is, then a mark. In one file, a single rename replaces
 * all of it, and the bytes stand where any other program finds them.
 */
const mark = Buffer.from("MOIMOBJ1");
const tailBytes = mark.length + 4;
/** Holds nearly every head, so that one read finds it. */
const usualBytes = 2_048;

export function trailerOf(head: ObjectHead): Buffer {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([json, length, mark]);
}

export class DamagedObject extends Error {}

/** @throws DamagedObject when the file is not one that was written here in full. */
export async function readHead(file: FileHandle, name: string): Promise<ObjectHead> {
  const { size } = await file.stat();
  let end = await readEnd(file, size, Math.min(size, usualBytes));
  if (end.length < tailBytes || !end.subarray(-mark.length).equals(mark)) throw new DamagedObject(`${name} is no stored object`);
  const json = end.readUInt32BE(end.length - tailBytes);
  if (json + tailBytes > size) throw new DamagedObject(`${name} is cut short`);
  if (json + tailBytes > end.length) end = await readEnd(file, size, json + tailBytes);
  const head = JSON.parse(end.subarray(end.length - tailBytes - json, end.length - tailBytes).toString("utf8")) as ObjectHead;
  if (head.bytes + json + tailBytes !== size) throw new DamagedObject(`${name} has ${size - json - tailBytes} bytes instead of ${head.bytes}`);
  return head;
}

async function readEnd(file: FileHandle, size: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, size - bytes);
  return buffer.subarray(0, bytesRead);
}
