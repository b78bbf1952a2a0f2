import { fileTypeFromBuffer } from "file-type";
import { readStored } from "@/lib/platform/storage";
import { decoder } from "../decoder";
import { imageLimits, kindOfType, type MediaRefusal } from "../inputs";
import { verdictOf } from "../rules";

export interface Look {
  type: string;
  /** Of a picture, the way it is held up. */
  width: number | null;
  height: number | null;
}

const sniffedBytes = 4_100;
/** Most pictures say how large they are within this; those that carry much else first are read whole. */
const headBytes = 256 * 1024;

/** What stored bytes are, by looking at their beginning; nothing is decoded. */
export async function lookAt(key: string, declared: { type: string; bytes: number }): Promise<Look | { refusal: MediaRefusal }> {
  if (kindOfType(declared.type) === "file") return { type: declared.type, width: null, height: null };
  const isImage = kindOfType(declared.type) === "image";
  const head = await readStored(key, { from: 0, to: (isImage ? headBytes : sniffedBytes) - 1 });
  const found = await fileTypeFromBuffer(head.subarray(0, sniffedBytes));
  const verdict = verdictOf(declared.type, found?.mime ?? null);
  if ("refusal" in verdict) return verdict;
  if (!isImage) return { ...verdict, width: null, height: null };
  const size = (await sizeOf(head)) ?? (declared.bytes > head.byteLength ? await inTurn(async () => sizeOf(await readStored(key))) : null);
  if (!size) return { refusal: "unreadable" };
  const refusal = pictureFault(size);
  return refusal ? { refusal } : { ...verdict, width: size.width, height: size.height };
}

let turn: Promise<unknown> = Promise.resolve();

/** One after the other: of pictures that are read whole, as many as somebody asks for at once would not fit in memory. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

export interface PictureSize {
  width: number;
  height: number;
  frames: number;
}

/** Before anything is decoded: a small file may claim a size that no memory holds. */
export function pictureFault({ width, height, frames }: PictureSize): MediaRefusal | null {
  if (frames > imageLimits.frames) return "too-many-frames";
  return width * height * frames > imageLimits.pixels ? "too-many-pixels" : null;
}

async function sizeOf(bytes: Buffer): Promise<PictureSize | null> {
  try {
    // Reads headers alone; the limit is ours to name, so that it can be told apart from a broken file.
    const { autoOrient, pages = 1 } = await decoder(bytes, { limitInputPixels: false, failOn: "none" }).metadata();
    return { width: autoOrient.width, height: autoOrient.height, frames: pages };
  } catch {
    return null;
  }
}
