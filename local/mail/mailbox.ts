import { IdempotencyKeys } from "./idempotency";
import { Journal, type JournalRecord, type Place } from "./journal";
import { log } from "./log";
import { contentSchema, type Content, type Summary, type WebhookEvent } from "./message";
import { recordSchema, type MailRecord, type Remembered } from "./records";

export interface MailboxOptions {
  folder: string;
  maxMessages: number;
  maxBytes: number;
  segmentBytes: number;
  now: () => number;
}

const reclaimPauseMs = 60_000;

interface Entry {
  summary: Summary;
  place: Place;
  /** A change of this message on its way to the disk; the next one waits for it and then looks again. */
  writing: Promise<unknown> | null;
}

export type Change = Pick<Summary, "lastEvent" | "scheduledAt" | "deliveredAt" | "unreported">;
export type NewMessage = { summary: Omit<Summary, "seq">; content: Content };

/** All mails, newest last, in memory as summaries; their content stays in the journal. */
export class Mailbox {
  readonly keys = new IdempotencyKeys();
  /** Ids of the mails about which a webhook has something to say, oldest first. */
  readonly unreported = new Set<string>();
  private readonly byId = new Map<string, Entry>();
  private readonly ordered: Entry[] = [];
  private readonly listeners = new Set<() => void>();
  private bytes = 0;
  private nextSeq = 1;
  private reclaiming: Promise<void> = Promise.resolve();
  private reclaimNotBefore = 0;

  private constructor(
    private readonly options: MailboxOptions,
    private readonly journal: () => Journal,
  ) {}

  static async open(options: MailboxOptions): Promise<Mailbox> {
    let journal: Journal | null = null;
    const mailbox = new Mailbox(options, () => {
      if (journal === null) throw new Error("The mailbox is still being read");
      return journal;
    });
    journal = await Journal.open(options.folder, options.segmentBytes, (record) => mailbox.replay(record));
    mailbox.prune();
    return mailbox;
  }

  /** Newest first. */
  *newestFirst(): Generator<Summary> {
    for (let index = this.ordered.length - 1; index >= 0; index -= 1) {
      const entry = this.ordered[index];
      if (entry) yield entry.summary;
    }
  }

  get(id: string): Summary | null {
    return this.byId.get(id)?.summary ?? null;
  }

  async content(id: string): Promise<Content | null> {
    const entry = this.byId.get(id);
    if (entry === undefined) return null;
    const place = entry.place;
    try {
      return contentSchema.parse(JSON.parse((await this.journal().read(place)).toString("utf8")));
    } catch (error) {
      // Its segment may have gone while we were on the way: then the mail has gone too, or has moved.
      if (this.byId.get(id) !== entry) return null;
      if (entry.place !== place) return this.content(id);
      throw error;
    }
  }

  /** Keeps the mails and the key that brought them; on return both are on the disk. */
  async accept(messages: NewMessage[], remembered: Remembered | null): Promise<void> {
    const summaries = messages.map(({ summary }): Summary => ({ ...summary, seq: this.nextSeq++ }));
    const record: MailRecord = { kind: "accepted", messages: summaries, remembered };
    const bodies = messages.map(({ content }) => Buffer.from(JSON.stringify(content)));
    const written = await this.journal().append(record, bodies);
    this.apply(record, written.segment, written.bodies);
    this.prune();
    this.changed();
  }

  /** Changes a message that is still scheduled; false when it no longer is, or when `decide` no longer wants to. */
  async change(id: string, decide: (current: Summary) => Change | null): Promise<boolean> {
    const entry = await this.settled(id);
    if (entry === undefined || entry.summary.lastEvent !== "scheduled") return false;
    const change = decide(entry.summary);
    if (change === null) return false;
    const record: MailRecord = { kind: "event", id, ...change };
    await this.writeAlone(entry, async () => {
      const { segment } = await this.journal().append(record);
      this.apply(record, segment, []);
    });
    this.changed();
    return true;
  }

  async markReported(id: string, event: WebhookEvent): Promise<void> {
    const record: MailRecord = { kind: "reported", id, event };
    const { segment } = await this.journal().append(record);
    this.apply(record, segment, []);
  }

  async clear(forgetKeys: boolean): Promise<void> {
    // After a reclaim under way, never during one: a mail copied forward behind this record would come back.
    const cleared = this.reclaiming.then(async () => {
      const record: MailRecord = { kind: "cleared", forgetKeys };
      const { segment } = await this.journal().append(record);
      this.apply(record, segment, []);
      await this.journal().seal();
    });
    this.reclaiming = cleared.catch(() => undefined);
    await cleared;
    this.reclaim();
    this.changed();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.reclaiming;
    await this.journal().close();
  }

  private async settled(id: string): Promise<Entry | undefined> {
    for (;;) {
      const entry = this.byId.get(id);
      if (!entry?.writing) return entry;
      await entry.writing.catch(() => undefined);
    }
  }

  private async writeAlone(entry: Entry, write: () => Promise<void>): Promise<void> {
    entry.writing = write().finally(() => {
      entry.writing = null;
    });
    await entry.writing;
  }

  private replay({ header, segment, bodies }: JournalRecord): void {
    this.apply(recordSchema.parse(header), segment, bodies);
  }

  /** The one place where a record becomes memory: at start from the disk, later right after it reached the disk. */
  private apply(record: MailRecord, segment: number, bodies: Place[]): void {
    switch (record.kind) {
      case "accepted":
        for (const [index, summary] of record.messages.entries()) {
          const place = bodies[index];
          if (place) this.insert(summary, place);
        }
        if (record.remembered) this.keys.remember(record.remembered, segment);
        break;
      case "event": {
        const entry = this.byId.get(record.id);
        if (entry) {
          const { lastEvent, scheduledAt, deliveredAt, unreported } = record;
          entry.summary = { ...entry.summary, lastEvent, scheduledAt, deliveredAt, unreported };
          this.noteUnreported(entry.summary);
        }
        break;
      }
      case "reported": {
        const entry = this.byId.get(record.id);
        if (entry) {
          entry.summary = { ...entry.summary, unreported: entry.summary.unreported.filter((event) => event !== record.event) };
          this.noteUnreported(entry.summary);
        }
        break;
      }
      case "remembered":
        this.keys.remember(record.remembered, segment);
        break;
      case "cleared":
        this.byId.clear();
        this.ordered.length = 0;
        this.unreported.clear();
        this.bytes = 0;
        if (record.forgetKeys) this.keys.clear();
        break;
    }
  }

  private insert(summary: Summary, place: Place): void {
    this.nextSeq = Math.max(this.nextSeq, summary.seq + 1);
    const known = this.byId.get(summary.id);
    if (known) {
      // Copied forward to a later segment: the same mail in a new place.
      known.place = place;
      return;
    }
    const entry: Entry = { summary, place, writing: null };
    this.byId.set(summary.id, entry);
    this.noteUnreported(summary);
    this.bytes += place.length;
    let index = this.ordered.length;
    while (index > 0 && (this.ordered[index - 1]?.summary.seq ?? 0) > summary.seq) index -= 1;
    this.ordered.splice(index, 0, entry);
  }

  private noteUnreported({ id, unreported }: Summary): void {
    if (unreported.length > 0) this.unreported.add(id);
    else this.unreported.delete(id);
  }

  /** Lets the oldest mails go beyond the cap. One that still waits for its time is never among them. */
  private prune(): void {
    let index = 0;
    while (this.ordered.length > this.options.maxMessages || this.bytes > this.options.maxBytes) {
      const entry = this.ordered[index];
      // The newest mail stays however large it is: it has just been acknowledged.
      if (entry === undefined || index === this.ordered.length - 1) break;
      if (entry.summary.lastEvent === "scheduled") {
        index += 1;
        continue;
      }
      this.ordered.splice(index, 1);
      this.byId.delete(entry.summary.id);
      this.unreported.delete(entry.summary.id);
      this.bytes -= entry.place.length;
    }
    this.reclaim();
  }

  private reclaim(): void {
    this.reclaiming = this.reclaiming
      .then(() => this.dropDeadSegments())
      .catch((error: unknown) => log("error", "could not reclaim space", { reason: String(error) }));
  }

  /** Removes segments from the oldest on while only waiting mails and valid keys, which are copied forward, are in them. */
  private async dropDeadSegments(): Promise<void> {
    const journal = this.journal();
    if (this.options.now() < this.reclaimNotBefore) return;
    while (journal.oldestSegment < journal.activeSegment) {
      const segment = journal.oldestSegment;
      const oldestKept = this.ordered.find(({ summary }) => summary.lastEvent !== "scheduled");
      if (oldestKept && oldestKept.place.segment <= segment) return;
      for (const { summary } of this.ordered.filter(({ place }) => place.segment <= segment)) {
        const entry = await this.settled(summary.id);
        if (entry?.summary.lastEvent === "scheduled") await this.writeAlone(entry, () => this.copyForward(entry));
      }
      // One of them may have been delivered meanwhile; then it keeps its segment for as long as the cap allows.
      if (this.ordered.some(({ place }) => place.segment <= segment)) return;
      this.keys.forgetExpired(this.options.now());
      const keys = this.keys.keptIn(segment, this.options.now());
      if (JSON.stringify(keys).length > this.options.segmentBytes / 2) {
        // Copying what is mostly alive would go round in circles; keys end by themselves within a day.
        this.reclaimNotBefore = this.options.now() + reclaimPauseMs;
        return;
      }
      for (const remembered of keys) {
        const record: MailRecord = { kind: "remembered", remembered };
        this.apply(record, (await journal.append(record)).segment, []);
      }
      await journal.dropOldest();
    }
  }

  private async copyForward(entry: Entry): Promise<void> {
    const record: MailRecord = { kind: "accepted", messages: [entry.summary], remembered: null };
    const written = await this.journal().append(record, [await this.journal().read(entry.place)]);
    entry.place = written.bodies[0] ?? entry.place;
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
