import type { Sharp } from "sharp";
import { decoder } from "../decoder";
import { imageLimits, imageVariants, type MediaRefusal, type VariantName } from "../inputs";
import { pictureFault } from "../looking/queries";

export interface MadeVariant {
  name: VariantName;
  type: string;
  width: number;
  height: number;
  body: Buffer;
}

export interface MadePicture {
  width: number;
  height: number;
  placeholder: string;
  variants: MadeVariant[];
}

const secondsMax = 30;
/** What WebP can hold on one side (https://developers.google.com/speed/webp/faq). */
const webpSideMax = 16_383;
const placeholderCharactersMax = 300;

/**
 * The picture without what it knew about its place, its camera and its owner, turned the way it is held up, in the colours of the web,
 * and its sizes. An animation keeps moving in its original; its small size is a still.
 */
export async function makePicture(bytes: Buffer): Promise<MadePicture | { refusal: MediaRefusal }> {
  try {
    const { format, pages = 1, autoOrient } = await decoder(bytes, { limitInputPixels: false }).metadata();
    const { width, height } = autoOrient;
    const refusal = pictureFault({ width, height, frames: pages });
    if (refusal) return { refusal };
    const moves = pages > 1 && (format === "gif" || format === "webp");
    const original = await finish("original", moves ? animation(bytes, format) : still(bytes, format));
    const sizes = (["thumb", "medium", "large"] as const).filter((name, at, all) => {
      const before = all[at - 1];
      return before === undefined || (!moves && width > imageVariants[before]);
    });
    const variants: MadeVariant[] = [];
    for (const name of sizes) {
      variants.push(await finish(name, open(bytes).resize({ width: imageVariants[name], height: webpSideMax, fit: "inside", withoutEnlargement: true }).webp({ quality: 80 })));
    }
    // What is said of an animation counts all its frames.
    const held = moves ? { ...original, width, height } : original;
    return { width: held.width, height: held.height, placeholder: await placeholderOf(bytes), variants: [...variants, held] };
  } catch (error) {
    return { refusal: error instanceof Error && /timeout/i.test(error.message) ? "too-slow" : "unreadable" };
  }
}

// What the format cannot say of itself is broken; what only ends too early shows as far as it goes.
const open = (bytes: Buffer) => decoder(bytes, { limitInputPixels: imageLimits.pixels, failOn: "error" }).autoOrient().timeout({ seconds: secondsMax });

function still(bytes: Buffer, format: string): Sharp {
  const picture = open(bytes);
  if (format === "jpeg") return picture.jpeg({ quality: 90, progressive: true });
  if (format === "png" || format === "gif") return picture.png({ compressionLevel: 8 });
  // AVIF takes a hundred times as long to write as to read.
  return picture.resize({ width: webpSideMax, height: webpSideMax, fit: "inside", withoutEnlargement: true }).webp({ quality: 90 });
}

function animation(bytes: Buffer, format: "gif" | "webp"): Sharp {
  const frames = decoder(bytes, { animated: true, limitInputPixels: imageLimits.pixels, failOn: "error" }).timeout({ seconds: secondsMax });
  return format === "gif" ? frames.gif({ effort: 4 }) : frames.webp({ quality: 80, effort: 2 });
}

async function finish(name: VariantName, picture: Sharp): Promise<MadeVariant> {
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  return { name, type: `image/${info.format}`, width: info.width, height: info.pageHeight ?? info.height, body: data };
}

/** A few pixels that a page can carry inline. */
async function placeholderOf(bytes: Buffer): Promise<string> {
  for (const side of [16, 12, 8, 4]) {
    const small = await open(bytes).resize({ width: side, height: side, fit: "inside" }).flatten({ background: "#f5f5f5" }).webp({ quality: 30 }).toBuffer();
    const uri = `data:image/webp;base64,${small.toString("base64")}`;
    if (uri.length <= placeholderCharactersMax) return uri;
  }
  return "";
}
