import type { FileHandle } from "node:fs/promises";
import { Writable } from "node:stream";

type Done = (error?: Error | null) => void;

/** Writes to a file that stays open afterwards: something is to follow the bytes, and the disk to be asked to keep them. */
export class FileSink extends Writable {
  private position = 0;

  constructor(private readonly file: FileHandle) {
    super({ highWaterMark: 1024 * 1024 });
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: Done): void {
    this.store([chunk]).then(() => done(), done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.store(chunks.map(({ chunk }) => chunk)).then(() => done(), done);
  }

  private async store(chunks: Buffer[]): Promise<void> {
    let left = chunks;
    while (left.length > 0) {
      const { bytesWritten } = await this.file.writev(left, this.position);
      this.position += bytesWritten;
      left = behind(left, bytesWritten);
    }
  }
}

function behind(chunks: Buffer[], bytes: number): Buffer[] {
  let skipped = bytes;
  for (const [index, chunk] of chunks.entries()) {
    if (skipped < chunk.length) return [chunk.subarray(skipped), ...chunks.slice(index + 1)];
    skipped -= chunk.length;
  }
  return [];
}
