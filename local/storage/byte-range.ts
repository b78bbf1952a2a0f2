import { Refusal } from "./refusal";

/** Both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * RFC 9110, 14: one range of bytes; null to serve the whole. What is no range, or asks for several, is passed over as S3 does.
 * @throws Refusal when the object has nothing there
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | null {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "") ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return null;
  if (from === "") {
    const last = Number(to);
    if (last === 0 || bytes === 0) throw unsatisfiable(bytes);
    return { start: Math.max(0, bytes - last), end: bytes - 1 };
  }
  const start = Number(from);
  const end = to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== "" && Number(to) < start) return null;
  if (start >= bytes) throw unsatisfiable(bytes);
  return { start, end };
}

const unsatisfiable = (bytes: number) => new Refusal("InvalidRange", "The requested range is not satisfiable", { ActualObjectSize: bytes }, { "content-range": `bytes */${bytes}` });
