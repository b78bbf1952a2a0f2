export type ByteUnit = "bytes" | "kilo" | "mega" | "giga";

/** A size as people say it: at most three digits that matter. */
export function byteSize(bytes: number): { unit: ByteUnit; count: number } {
  const units: ByteUnit[] = ["bytes", "kilo", "mega", "giga"];
  let count = bytes;
  let at = 0;
  while (count >= 1000 && at < units.length - 1) {
    count /= 1024;
    at += 1;
  }
  return { unit: units[at] ?? "giga", count: at === 0 || count >= 10 ? Math.round(count) : Math.round(count * 10) / 10 };
}
