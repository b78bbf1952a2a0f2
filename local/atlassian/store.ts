import { Journal } from "./journal";
import { log } from "./log";
import { defaultSettings, type Entities, type Settings } from "./world/entities";

export type Collection = keyof Entities;
type Change = [collection: string, id: string, value: unknown];

const linesOfRewrite = 500;

/**
 * Everything the engine knows: collections in memory, each change of which is journalled. What changes within one turn of the event loop
 * is one record, so a change and the deliveries that announce it are kept together or not at all. Values are replaced, never altered.
 */
export class Store {
  private readonly collections = new Map<string, Map<string, unknown>>();
  private pending: Change[] = [];
  private flushing: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();

  private constructor(private journal: Journal | null) {}

  /** Without a folder nothing is kept: for tests that need no restart. */
  static async open(folder: string | null): Promise<Store> {
    const store = new Store(null);
    if (folder === null) return store;
    store.journal = await Journal.open(folder, (line) => {
      for (const [collection, id, value] of JSON.parse(line) as Change[]) store.apply(collection, id, value);
    });
    return store;
  }

  get<C extends Collection>(collection: C, id: string): Entities[C] | null {
    return (this.collections.get(collection)?.get(id) as Entities[C] | undefined) ?? null;
  }

  /** In the order in which they were first put. */
  all<C extends Collection>(collection: C): Entities[C][] {
    return [...(this.collections.get(collection)?.values() ?? [])] as Entities[C][];
  }

  put<C extends Collection>(collection: C, value: Entities[C]): void {
    this.change([collection, value.id, value]);
  }

  remove(collection: Collection, id: string): void {
    if (this.collections.get(collection)?.has(id)) this.change([collection, id, null]);
  }

  clear(): void {
    for (const [collection, values] of this.collections) for (const id of [...values.keys()]) this.change([collection, id, null]);
  }

  settings(): Settings {
    return this.get("settings", "settings") ?? defaultSettings;
  }

  /** The next number of a sequence, counted from `first`. */
  next(sequence: string, first = 10_000): number {
    const value = (this.get("sequences", sequence)?.value ?? first - 1) + 1;
    this.put("sequences", { id: sequence, value });
    return value;
  }

  /** Hears of every change, after it was made. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Resolves when everything changed so far survives a crash. */
  async durable(): Promise<void> {
    while (this.journal && this.pending.length > 0) await this.flush();
    await this.flushing;
  }

  async close(): Promise<void> {
    await this.durable();
    await this.journal?.close();
  }

  private change(change: Change): void {
    this.apply(...change);
    if (this.journal) this.pending.push(change);
    if (this.pending.length === 1) {
      setImmediate(() => void this.flush().catch((error: unknown) => log("error", "the journal cannot be written", { reason: String(error) })));
    }
    for (const listener of this.listeners) listener();
  }

  private apply(collection: string, id: string, value: unknown): void {
    const values = this.collections.get(collection) ?? new Map<string, unknown>();
    this.collections.set(collection, values);
    if (value === null) values.delete(id);
    else values.set(id, value);
  }

  private flush(): Promise<void> {
    this.flushing ??= this.write().finally(() => {
      this.flushing = null;
    });
    return this.flushing;
  }

  private async write(): Promise<void> {
    // One turn of the event loop: what belongs together has been said by then.
    await new Promise(setImmediate);
    const { journal } = this;
    if (!journal || this.pending.length === 0) return;
    const changes = this.pending;
    this.pending = [];
    try {
      await journal.append(JSON.stringify(changes));
    } catch (error) {
      this.pending = [...changes, ...this.pending];
      throw error;
    }
    // Nothing may change between the picture and its being written, so it is taken at once.
    if (journal.isMostlyHistory && this.pending.length === 0) await journal.rewrite(this.picture());
  }

  private picture(): string[] {
    const changes = [...this.collections].flatMap(([collection, values]) => [...values].map(([id, value]): Change => [collection, id, value]));
    const lines: string[] = [];
    for (let start = 0; start < changes.length; start += linesOfRewrite) lines.push(JSON.stringify(changes.slice(start, start + linesOfRewrite)));
    return lines;
  }
}
