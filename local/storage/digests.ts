import { createHash, type Hash } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { crc32 } from "node:zlib";
import { notImplemented, Refusal } from "./refusal";

export type Checksum = "crc32" | "sha1" | "sha256";

/** What the sender says of the whole body; undefined where it says nothing. */
export interface Expectation {
  bytes: number;
  /** Base64. */
  md5?: string;
  /** Hexadecimal, from the signature. */
  payloadSha256?: string;
  /** Base64, by algorithm; may be completed by a trailer while the body comes. */
  checksums: Map<Checksum, string>;
}

const known = new Set<string>(["crc32", "sha1", "sha256"]);

/** The algorithm that `x-amz-checksum-<name>` speaks of. */
export function checksumNamed(name: string): Checksum {
  if (known.has(name)) return name as Checksum;
  throw notImplemented(`the checksum ${name}`);
}

/** Lets a body through, and holds it at its end against what was said of it. */
export class Meter extends Transform {
  bytes = 0;
  private readonly md5 = createHash("md5");
  private readonly hashes = new Map<string, Hash>();
  private crc: number | undefined;
  private md5Hex = "";

  constructor(
    private readonly expected: Expectation,
    announced: readonly Checksum[],
    private readonly mostBytes: number,
  ) {
    super({ highWaterMark: 1024 * 1024 });
    for (const name of announced) {
      if (name === "crc32") this.crc = 0;
      else this.hashes.set(name, createHash(name));
    }
    if (expected.payloadSha256 !== undefined) this.hashes.set("sha256", createHash("sha256"));
  }

  /** Of what has passed, once all has. */
  get etag(): string {
    return this.md5Hex;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.mostBytes) return done(tooLarge(this.mostBytes));
    if (this.bytes > this.expected.bytes) return done(new Refusal("IncompleteBody", "The request body is longer than it was said to be."));
    this.md5.update(chunk);
    for (const hash of this.hashes.values()) hash.update(chunk);
    if (this.crc !== undefined) this.crc = crc32(chunk, this.crc);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    try {
      this.judge();
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private judge(): void {
    const { bytes, md5, payloadSha256, checksums } = this.expected;
    if (this.bytes !== bytes) throw new Refusal("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header.");
    const found = this.md5.digest();
    this.md5Hex = found.toString("hex");
    if (md5 !== undefined && found.toString("base64") !== md5) throw new Refusal("BadDigest", "The Content-MD5 you specified did not match what we received.");
    const sha256 = this.hashes.get("sha256")?.digest();
    if (payloadSha256 !== undefined && sha256?.toString("hex") !== payloadSha256) {
      throw new Refusal("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
    const digests: Record<Checksum, string | undefined> = { crc32: this.crcBase64(), sha1: this.hashes.get("sha1")?.digest("base64"), sha256: sha256?.toString("base64") };
    for (const [name, value] of checksums) {
      if (digests[name] !== value) throw new Refusal("BadDigest", `The ${name.toUpperCase()} you specified did not match the calculated checksum.`);
    }
  }

  private crcBase64(): string | undefined {
    if (this.crc === undefined) return undefined;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.crc);
    return bytes.toString("base64");
  }
}

export const tooLarge = (mostBytes: number) => new Refusal("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", { MaxSizeAllowed: mostBytes });
