import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, unlink, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { FileSink } from "./file-sink";
import { DamagedObject, readHead, trailerOf, type ObjectHead } from "./object-file";
import { log } from "./log";

/** An object held open: what is read from it is one version of it, whatever is put or deleted meanwhile. */
export interface OpenObject {
  head: ObjectHead;
  file: FileHandle;
  close(): Promise<void>;
}

const readAtOnce = 256 * 1024;

/**
 * Objects as files in one folder. A file's name is the hash of its key, so no spelling of a key leads out of the folder, collides on a
 * file system that ignores case, or is too long for one. An object is there when its file is: nothing else has to be kept in step.
 */
export class ObjectStore {
  /** By key, the last change under way: a condition is decided and acted upon without another in between. */
  private readonly turns = new Map<string, Promise<unknown>>();
  /** What a listing shows; read from the files when the first one is asked for. */
  private heads: Promise<Map<string, ObjectHead>> | undefined;
  /** Changes since then, and while the files were being read: they know better. */
  private readonly overtaken = new Map<string, ObjectHead | null>();
  private sorted: string[] | undefined;
  /** Those that are known to be there. */
  private readonly folders: Promise<unknown>[] = [];

  private constructor(
    private readonly objects: string,
    private readonly incoming: string,
  ) {}

  static async open(folder: string): Promise<ObjectStore> {
    const [objects, incoming] = [join(folder, "objects"), join(folder, "incoming")];
    // Whatever lies there was never finished: its process is gone.
    await rm(incoming, { recursive: true, force: true });
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    await mkdir(objects, { recursive: true, mode: 0o700 });
    return new ObjectStore(objects, incoming);
  }

  async find(key: string): Promise<OpenObject | null> {
    const path = this.pathOf(key);
    const file = await open(path, "r").catch(missing);
    if (!file) return null;
    try {
      const head = await readHead(file, path);
      if (head.key !== key) throw new DamagedObject(`${path} belongs to another key`);
      return { head, file, close: () => file.close() };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** @param through sees every byte on its way and may fail the whole; `describe` is asked when all have passed, `permit` with what it would replace. */
  async put(source: Readable, through: Transform[], describe: () => ObjectHead, permit: ((present: ObjectHead | null) => void) | null): Promise<ObjectHead> {
    const path = join(this.incoming, randomUUID());
    const file = await open(path, "wx", 0o600);
    try {
      await pipeline([source, ...through, new FileSink(file)]);
      const head = describe();
      const trailer = trailerOf(head);
      await file.write(trailer, 0, trailer.length, head.bytes);
      await file.sync();
      await file.close();
      await this.inTurn(head.key, async () => {
        permit?.(await this.replaced(head.key));
        await this.place(path, head);
      });
      return head;
    } catch (error) {
      await file.close().catch(() => undefined);
      await unlink(path).catch(() => undefined);
      throw error;
    }
  }

  /** Whether there was anything to delete. */
  delete(key: string): Promise<boolean> {
    return this.inTurn(key, async () => {
      const path = this.pathOf(key);
      const found = await unlink(path).then(() => true, missing);
      if (!found) return false;
      await syncFolder(join(path, ".."));
      this.note(key, null);
      return true;
    });
  }

  /** What a new version takes the place of. A damaged one is no reason to refuse it. */
  private async replaced(key: string): Promise<ObjectHead | null> {
    try {
      const found = await this.find(key);
      await found?.close();
      return found?.head ?? null;
    } catch (error) {
      if (error instanceof DamagedObject) return null;
      throw error;
    }
  }

  /** All keys with this beginning, in the order of their UTF-8 bytes, from behind `after`. */
  async *list(prefix: string, after: string): AsyncGenerator<ObjectHead> {
    const heads = await (this.heads ??= this.readHeads());
    this.applyOvertaken(heads);
    const keys = (this.sorted ??= inOrder(heads.keys()));
    const resumes = after !== "" && byBytes(after, prefix) >= 0;
    for (let index = firstBehind(keys, resumes ? after : prefix, resumes); index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      if (!key.startsWith(prefix)) return;
      const head = heads.get(key);
      if (head) yield head;
    }
  }

  private async place(from: string, head: ObjectHead): Promise<void> {
    const path = this.pathOf(head.key);
    const folder = join(path, "..");
    await (this.folders[Number.parseInt(basename(folder), 16)] ??= mkdir(folder, { recursive: true, mode: 0o700 }));
    await replace(from, path);
    await syncFolder(folder);
    this.note(head.key, head);
  }

  private note(key: string, head: ObjectHead | null): void {
    if (this.heads) this.overtaken.set(key, head);
  }

  private applyOvertaken(heads: Map<string, ObjectHead>): void {
    if (this.overtaken.size === 0) return;
    for (const [key, head] of this.overtaken) {
      if (!head) heads.delete(key);
      else heads.set(key, head);
    }
    this.overtaken.clear();
    this.sorted = undefined;
  }

  private readHeads(): Promise<Map<string, ObjectHead>> {
    return this.readAll().catch((error: unknown) => {
      // The next one to ask begins anew.
      this.heads = undefined;
      throw error;
    });
  }

  private async readAll(): Promise<Map<string, ObjectHead>> {
    const heads = new Map<string, ObjectHead>();
    for (const folder of await readdir(this.objects)) {
      const names = await readdir(join(this.objects, folder));
      await Promise.all(names.map(async (name) => {
        const path = join(this.objects, folder, name);
        const file = await open(path, "r").catch(missing);
        if (!file) return;
        try {
          const head = await readHead(file, path);
          heads.set(head.key, head);
        } catch (error) {
          // Told, and left where it is: one damaged file is no reason to list none.
          log("error", "cannot read a stored object", { path, reason: String(error) });
        } finally {
          await file.close();
        }
      }));
    }
    return heads;
  }

  private async inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(key) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(work);
    this.turns.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.turns.get(key) === mine) this.turns.delete(key);
    }
  }

  private pathOf(key: string): string {
    const hash = createHash("sha256").update(key).digest("hex");
    return join(this.objects, hash.slice(0, 2), hash);
  }
}

/** The bytes from `start` to `end`, both included. The file is closed with the stream. */
export function readObject({ file, head, close }: OpenObject, start = 0, end = head.bytes - 1): Readable {
  if (end < start) {
    void close();
    return Readable.from([]);
  }
  return file.createReadStream({ start, end, highWaterMark: readAtOnce });
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** By their bytes in UTF-8, which JavaScript's own order is not. */
function inOrder(keys: Iterable<string>): string[] {
  const encoded = Array.from(keys, (key) => Buffer.from(key));
  return encoded.sort((a, b) => Buffer.compare(a, b)).map((key) => key.toString("utf8"));
}

function firstBehind(keys: readonly string[], from: string, exclusive: boolean): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = byBytes(keys[middle] ?? "", from);
    if (order < 0 || (exclusive && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Windows refuses to replace a file that somebody is just reading; they are soon done. */
async function replace(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (attempt === 10 || !["EPERM", "EACCES", "EBUSY"].includes(codeOf(error))) throw error;
      await pause(attempt * 20);
    }
  }
}

/** The name must survive a power cut as well as the bytes, where the platform can do that. */
async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, "r").catch(() => null);
  await directory?.sync().catch(() => undefined);
  await directory?.close();
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "");

function missing(error: unknown): null {
  if (codeOf(error) === "ENOENT") return null;
  throw error;
}
