import { crc32 } from "node:zlib";

/**
 * One record on disk: a JSON line that frames it, a JSON header, then any number of bodies, then a newline.
 * Headers are small and read at start; bodies (the content of mails) stay on disk until somebody looks.
 */
export interface DecodedRecord {
  header: unknown;
  /** Where each body lies in the segment: `[offset, length]`. */
  bodies: [number, number][];
  end: number;
}

const newline = 0x0a;
const longestFrame = 4_096;

export function encodeRecord(header: unknown, bodies: Buffer[]): { bytes: Buffer; bodyOffsets: number[] } {
  const head = Buffer.from(JSON.stringify(header));
  const payload = Buffer.concat([head, ...bodies]);
  const frame = { crc: crc32(payload), header: head.length, bodies: bodies.map((body) => body.length) };
  const line = Buffer.from(`${JSON.stringify(frame)}\n`);
  let offset = line.length + head.length;
  const bodyOffsets = bodies.map((body) => {
    const start = offset;
    offset += body.length;
    return start;
  });
  return { bytes: Buffer.concat([line, payload, Buffer.from("\n")]), bodyOffsets };
}

/** The record at `start`, or null when what stands there is not a whole and undamaged one. */
export function decodeRecord(segment: Buffer, start: number): DecodedRecord | null {
  const lineEnd = segment.indexOf(newline, start);
  if (lineEnd < 0 || lineEnd - start > longestFrame) return null;
  const frame = parseFrame(segment.toString("utf8", start, lineEnd));
  if (frame === null) return null;
  const headerStart = lineEnd + 1;
  let offset = headerStart + frame.header;
  const bodies = frame.bodies.map((length): [number, number] => {
    const place: [number, number] = [offset, length];
    offset += length;
    return place;
  });
  if (offset >= segment.length || segment[offset] !== newline) return null;
  if (crc32(segment.subarray(headerStart, offset)) !== frame.crc) return null;
  const header: unknown = JSON.parse(segment.toString("utf8", headerStart, headerStart + frame.header));
  return { header, bodies, end: offset + 1 };
}

function parseFrame(line: string): { crc: number; header: number; bodies: number[] } | null {
  try {
    const frame: unknown = JSON.parse(line);
    if (typeof frame !== "object" || frame === null) return null;
    if (!("crc" in frame) || !("header" in frame) || !("bodies" in frame)) return null;
    const { crc, header, bodies } = frame;
    if (typeof crc !== "number" || typeof header !== "number" || !Array.isArray(bodies)) return null;
    const lengths = bodies.filter((length): length is number => Number.isSafeInteger(length) && length >= 0);
    return lengths.length === bodies.length && header >= 0 ? { crc, header, bodies: lengths } : null;
  } catch {
    return null;
  }
}
