import { mkdir, open, readFile, readdir, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { log } from "./log";
import { decodeRecord, encodeRecord } from "./segment-format";

/** Where a body lies. */
export interface Place {
  segment: number;
  offset: number;
  length: number;
}

export interface JournalRecord {
  header: unknown;
  segment: number;
  bodies: Place[];
}

interface Pending {
  bytes: Buffer;
  bodyOffsets: number[];
  bodyLengths: number[];
  resolve: (written: { segment: number; bodies: Place[] }) => void;
  reject: (reason: unknown) => void;
}

const fileName = (segment: number): string => `journal-${String(segment).padStart(8, "0")}.log`;
const fileNumber = /^journal-(\d{8})\.log$/;

/**
 * An append-only log in numbered segments. `append` resolves once its record is on the disk (fdatasync); records that
 * arrive while a flush is under way share the next one. A torn tail, left by a crash, is cut off at the next start: it
 * was never acknowledged.
 */
export class Journal {
  private readonly queue: Pending[] = [];
  private flushing: Promise<void> | null = null;
  private sealing = false;
  private closed = false;

  private constructor(
    private readonly folder: string,
    private readonly segmentBytes: number,
    private readonly numbers: number[],
    private file: FileHandle,
    private size: number,
  ) {}

  static async open(
    folder: string,
    segmentBytes: number,
    replay: (record: JournalRecord) => void,
  ): Promise<Journal> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const names = await readdir(folder);
    const numbers = names
      .flatMap((name) => fileNumber.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
    let size = 0;
    for (const [index, number] of numbers.entries()) {
      size = await replaySegment(folder, number, index === numbers.length - 1, replay);
    }
    const active = numbers.at(-1);
    if (active !== undefined) {
      const file = await open(join(folder, fileName(active)), "r+");
      // Cut the torn tail before writing after it.
      await file.truncate(size);
      await file.datasync();
      return new Journal(folder, segmentBytes, numbers, file, size);
    }
    return new Journal(folder, segmentBytes, [1], await createSegment(folder, 1), 0);
  }

  get oldestSegment(): number {
    return this.numbers[0] ?? this.activeSegment;
  }

  get activeSegment(): number {
    return this.numbers.at(-1) ?? 1;
  }

  append(header: unknown, bodies: Buffer[] = []): Promise<{ segment: number; bodies: Place[] }> {
    if (this.closed) return Promise.reject(new Error("The journal is closed"));
    const { bytes, bodyOffsets } = encodeRecord(header, bodies);
    const bodyLengths = bodies.map((body) => body.length);
    return new Promise((resolve, reject) => {
      this.queue.push({ bytes, bodyOffsets, bodyLengths, resolve, reject });
      this.startFlush();
    });
  }

  async read(place: Place): Promise<Buffer> {
    const file = await open(join(this.folder, fileName(place.segment)), "r");
    try {
      const bytes = Buffer.alloc(place.length);
      const { bytesRead } = await file.read(bytes, 0, place.length, place.offset);
      if (bytesRead !== place.length) throw new Error(`Short read in ${fileName(place.segment)} at ${place.offset}`);
      return bytes;
    } finally {
      await file.close();
    }
  }

  /** Forgets the oldest segment. Whoever calls has made sure that nothing in it is still wanted. */
  async dropOldest(): Promise<void> {
    if (this.numbers.length < 2) return;
    const [oldest] = this.numbers.splice(0, 1);
    if (oldest !== undefined) await unlink(join(this.folder, fileName(oldest)));
  }

  /** Seals the active segment, so that it can be dropped once nothing in it is wanted. */
  async seal(): Promise<void> {
    this.sealing = true;
    this.startFlush();
    while (this.flushing) await this.flushing;
  }

  async close(): Promise<void> {
    this.closed = true;
    while (this.flushing) await this.flushing;
    await this.file.close();
  }

  /** Only a flush touches the file, so rotating and writing never meet. */
  private startFlush(): void {
    this.flushing ??= this.flush().finally(() => {
      this.flushing = null;
      if (this.queue.length > 0 || this.sealing) this.startFlush();
    });
  }

  private async flush(): Promise<void> {
    // One turn of the event loop lets requests that arrived together share a flush.
    await new Promise(setImmediate);
    if (this.sealing) {
      this.sealing = false;
      if (this.size > 0) await this.rotate();
    }
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0);
      try {
        if (this.size > this.segmentBytes) await this.rotate();
        const start = this.size;
        const segment = this.activeSegment;
        await writeFully(this.file, Buffer.concat(batch.map((pending) => pending.bytes)), start);
        await this.file.datasync();
        let offset = start;
        for (const pending of batch) {
          const base = offset;
          const bodies = pending.bodyOffsets.map((bodyOffset, index) => ({
            segment,
            offset: base + bodyOffset,
            length: pending.bodyLengths[index] ?? 0,
          }));
          offset += pending.bytes.length;
          pending.resolve({ segment, bodies });
        }
        this.size = offset;
      } catch (error) {
        log("error", "journal write failed", { reason: String(error) });
        // What was written of a refused batch must not reappear after a restart: its senders were told no.
        await this.file.truncate(this.size).catch(() => undefined);
        for (const pending of batch) pending.reject(error);
      }
    }
  }

  private async rotate(): Promise<void> {
    const next = this.activeSegment + 1;
    const file = await createSegment(this.folder, next);
    const sealed = this.file;
    this.file = file;
    this.size = 0;
    this.numbers.push(next);
    await sealed.close();
  }
}

async function replaySegment(
  folder: string,
  number: number,
  last: boolean,
  replay: (record: JournalRecord) => void,
): Promise<number> {
  const path = join(folder, fileName(number));
  const bytes = await readFile(path);
  let offset = 0;
  while (offset < bytes.length) {
    const record = decodeRecord(bytes, offset);
    if (record === null) {
      // A sealed segment was whole when it was sealed, so this is damage, and dropping mail silently is no answer.
      if (!last) throw new Error(`${path} is damaged at byte ${offset}; move it away to start without it`);
      log("warn", "cut a torn tail from the journal", { path, bytes: bytes.length - offset });
      break;
    }
    replay({
      header: record.header,
      segment: number,
      bodies: record.bodies.map(([start, length]) => ({ segment: number, offset: start, length })),
    });
    offset = record.end;
  }
  return offset;
}

async function createSegment(folder: string, number: number): Promise<FileHandle> {
  const file = await open(join(folder, fileName(number)), "wx+", 0o600);
  // The name must survive a power cut as well as the bytes: sync the folder where the platform can.
  const directory = await open(folder, "r").catch(() => null);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
  return file;
}

async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const result = await file.write(bytes, written, bytes.length - written, position + written);
    written += result.bytesWritten;
  }
}
