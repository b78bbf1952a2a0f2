import { Transform, type TransformCallback } from "node:stream";
import { Refusal } from "./refusal";
import { equal, hmac, sha256, type Proof } from "./signature";

const longestLine = 4_096;
/** A signed chunk is held until its signature is known to be good. */
const mostChunkBytes = 16 * 1024 * 1024;
const nothing = sha256("");
const lineEnd = Buffer.from("\r\n");

interface Options {
  /** Absent: the parts are not signed. */
  chain?: Proof["chain"];
  /** Names that the request announced in x-amz-trailer. */
  trailers: readonly string[];
  hear: (name: string, value: string) => void;
}

/**
 * Takes the frames off a body sent in parts
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and …/sigv4-streaming-trailers.html).
 */
export class AwsChunked extends Transform {
  private waiting: Buffer = Buffer.alloc(0);
  private phase: "size" | "data" | "data-end" | "trailer" | "done" = "size";
  private left = 0;
  private claimed: string | undefined;
  private held: Buffer[] = [];
  private previous: string;
  private readonly heard = new Map<string, string>();

  constructor(private readonly options: Options) {
    super({ highWaterMark: 1024 * 1024 });
    this.previous = options.chain?.seed ?? "";
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    try {
      this.waiting = this.waiting.length === 0 ? chunk : Buffer.concat([this.waiting, chunk]);
      while (this.step());
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.phase === "done" ? null : new Refusal("IncompleteBody", "The request body ended in the middle of a chunk."));
  }

  /** Whether something was understood and there may be more. */
  private step(): boolean {
    switch (this.phase) {
      case "size": {
        const line = this.line();
        if (line === null) return false;
        this.begin(line);
        return true;
      }
      case "data":
        return this.data();
      case "data-end": {
        if (this.waiting.length < 2) return false;
        if (!this.waiting.subarray(0, 2).equals(lineEnd)) throw incomplete("a chunk is not as long as it says");
        this.waiting = this.waiting.subarray(2);
        this.phase = "size";
        return true;
      }
      case "trailer": {
        const line = this.line();
        if (line === null) return false;
        if (line === "") this.finish();
        else this.trailer(line);
        return true;
      }
      case "done":
        if (this.waiting.length > 0) throw incomplete("there is more behind its last chunk");
        return false;
    }
  }

  private begin(line: string): void {
    const [, size = "", signature] = /^([\da-f]{1,8})(?:;chunk-signature=([\da-f]{64}))?$/i.exec(line) ?? [];
    if (size === "" || (this.options.chain !== undefined) !== (signature !== undefined)) throw incomplete("a chunk has no valid beginning");
    this.left = Number.parseInt(size, 16);
    this.claimed = signature;
    if (signature !== undefined && this.left > mostChunkBytes) throw new Refusal("InvalidRequest", `A signed chunk may have ${mostChunkBytes} bytes.`);
    if (this.left > 0) {
      this.phase = "data";
      return;
    }
    this.proveChunk(nothing);
    this.phase = "trailer";
  }

  private data(): boolean {
    if (this.waiting.length === 0) return false;
    const part = this.waiting.subarray(0, this.left);
    this.waiting = this.waiting.subarray(part.length);
    this.left -= part.length;
    if (this.options.chain) this.held.push(part);
    else this.push(part);
    if (this.left > 0) return false;
    if (this.options.chain) {
      const whole = Buffer.concat(this.held);
      this.held = [];
      this.proveChunk(sha256(whole));
      this.push(whole);
    }
    this.phase = "data-end";
    return true;
  }

  private proveChunk(hash: string): void {
    const { chain } = this.options;
    if (!chain) return;
    const expected = hmac(chain.key, ["AWS4-HMAC-SHA256-PAYLOAD", chain.timestamp, chain.scope, this.previous, nothing, hash].join("\n")).toString("hex");
    if (!equal(expected, this.claimed ?? "")) throw mismatch();
    this.previous = expected;
  }

  private trailer(line: string): void {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon < 1 || this.heard.has(name)) throw incomplete("a trailer cannot be read");
    this.heard.set(name, line.slice(colon + 1).trim());
  }

  private finish(): void {
    const { chain, trailers, hear } = this.options;
    const signature = this.heard.get("x-amz-trailer-signature");
    this.heard.delete("x-amz-trailer-signature");
    if ([...this.heard.keys()].some((name) => !trailers.includes(name)) || trailers.some((name) => !this.heard.has(name))) {
      throw incomplete("its trailers are not those that x-amz-trailer announced");
    }
    if (chain && trailers.length > 0) {
      const lines = [...this.heard].map(([name, value]) => `${name}:${value}\n`).join("");
      const expected = hmac(chain.key, ["AWS4-HMAC-SHA256-TRAILER", chain.timestamp, chain.scope, this.previous, sha256(lines)].join("\n")).toString("hex");
      if (!equal(expected, signature ?? "")) throw mismatch();
    }
    for (const [name, value] of this.heard) hear(name, value);
    this.phase = "done";
  }

  /** The next line without its end; null while it is not all there. */
  private line(): string | null {
    const end = this.waiting.indexOf(lineEnd);
    if (end > longestLine || (end < 0 && this.waiting.length > longestLine)) throw incomplete("a line of it has no end");
    if (end < 0) return null;
    const line = this.waiting.subarray(0, end).toString("latin1");
    this.waiting = this.waiting.subarray(end + 2);
    return line;
  }
}

const incomplete = (reason: string) => new Refusal("IncompleteBody", `The body is not what aws-chunked asks for: ${reason}.`);
const mismatch = () => new Refusal("SignatureDoesNotMatch", "The signature of a chunk does not match what was sent.");
