import { open, readFile, rename, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { log } from "./log";

const smallestRewriteBytes = 16 * 1024 * 1024;

/**
 * A file of checked lines, rewritten as a whole when most of it is history. `append` resolves once its line is on the disk; a torn last
 * line, left by a crash, is cut off at the next start: it was never acknowledged.
 */
export class Journal {
  private constructor(
    private readonly folder: string,
    private file: FileHandle,
    private size: number,
    private rewrittenSize: number,
  ) {}

  static async open(folder: string, replay: (line: string) => void): Promise<Journal> {
    const path = pathIn(folder);
    const bytes = await readFile(path).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return Buffer.alloc(0);
      throw error;
    });
    const whole = replayLines(bytes, replay);
    if (whole < bytes.length) {
      // Only a last line may be torn. Anything after it means damage, and forgetting it silently is no answer.
      const end = bytes.indexOf(10, whole);
      if (end !== -1 && end < bytes.length - 1) throw new Error(`${path} is damaged at byte ${whole}; move it away to start without it`);
      log("warn", "cut a torn tail from the journal", { path, bytes: bytes.length - whole });
    }
    const file = await open(path, bytes.length === 0 ? "a+" : "r+", 0o600);
    await file.truncate(whole);
    await file.datasync();
    // How much of it is history is not known yet: a long one is rewritten at its first change.
    return new Journal(folder, file, whole, 0);
  }

  get isMostlyHistory(): boolean {
    return this.size > smallestRewriteBytes && this.size > 2 * this.rewrittenSize;
  }

  async append(content: string): Promise<void> {
    const bytes = lineOf(content);
    try {
      await writeAt(this.file, bytes, this.size);
      await this.file.datasync();
      this.size += bytes.length;
    } catch (error) {
      // What was refused must not reappear after a restart.
      await this.file.truncate(this.size).catch(() => undefined);
      throw error;
    }
  }

  /** Replaces all history by what is true now. A crash leaves either the old file or the new one. */
  async rewrite(contents: Iterable<string>): Promise<void> {
    const next = `${pathIn(this.folder)}.next`;
    const file = await open(next, "w+", 0o600);
    let size = 0;
    for (const content of contents) {
      const bytes = lineOf(content);
      await writeAt(file, bytes, size);
      size += bytes.length;
    }
    await file.datasync();
    await rename(next, pathIn(this.folder));
    await this.file.close();
    this.file = file;
    this.size = size;
    this.rewrittenSize = size;
    const directory = await open(this.folder, "r").catch(() => null);
    await directory?.sync().catch(() => undefined);
    await directory?.close();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

const pathIn = (folder: string): string => join(folder, "journal.log");

const lineOf = (content: string): Buffer => Buffer.from(`${checksum(content)} ${content}\n`);

const checksum = (content: string): string => crc32(content).toString(16).padStart(8, "0");

/** How many bytes held whole lines. */
function replayLines(bytes: Buffer, replay: (line: string) => void): number {
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    const line = bytes.toString("utf8", start, end);
    const content = line.slice(9);
    if (line.slice(0, 8) !== checksum(content)) return start;
    replay(content);
    start = end + 1;
  }
  return start;
}

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}
