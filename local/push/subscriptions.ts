import { createECDH, randomBytes, randomUUID } from "node:crypto";
import { decryptPush, type ReceiverKeys } from "./decrypt";

/** As `PushSubscription.toJSON()` gives it. */
export interface SubscriptionJson {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

interface How {
  ttlSeconds: number;
  urgency: string;
  topic: string | null;
  token: string;
}

/** Opened when it is looked at, as the browser would and not the push service, which cannot. */
export class PushMessage {
  readonly id = randomUUID();
  readonly ttlSeconds: number;
  readonly urgency: string;
  readonly topic: string | null;
  readonly token: string;
  private opened: { text: string | null; fault: string | null } | undefined;

  constructor(
    private readonly body: Buffer,
    private readonly keys: ReceiverKeys,
    readonly receivedAtMs: number,
    { ttlSeconds, urgency, topic, token }: How,
  ) {
    this.ttlSeconds = ttlSeconds;
    this.urgency = urgency;
    this.topic = topic;
    this.token = token;
  }

  /** The decrypted payload; null when it is not for these keys. */
  get text(): string | null {
    return this.open().text;
  }

  /** Why it could not be decrypted. */
  get fault(): string | null {
    return this.open().fault;
  }

  private open() {
    try {
      this.opened ??= { text: decryptPush(this.body, this.keys).toString("utf8"), fault: null };
    } catch (error) {
      this.opened = { text: null, fault: error instanceof Error ? error.message : String(error) };
    }
    return this.opened;
  }
}

/** One browser's subscription: what was accepted for it, and what it has been shown. */
export class Subscription {
  readonly id = randomUUID();
  readonly json: SubscriptionJson;
  /** Everything accepted, in order, whatever became of it. */
  readonly accepted: PushMessage[] = [];
  /** What the browser got. */
  readonly delivered: PushMessage[] = [];
  state: "active" | "gone" | "unknown" = "active";
  private readonly keys: ReceiverKeys;
  private waiting: PushMessage[] = [];
  private isOnline = true;

  constructor(
    origin: string,
    readonly applicationServerKey: string | null,
    private readonly now: () => number,
  ) {
    const ecdh = createECDH("prime256v1");
    this.keys = { ecdh, auth: randomBytes(16) };
    this.json = { endpoint: `${origin}/push/${this.id}`, keys: { p256dh: ecdh.generateKeys("base64url"), auth: this.keys.auth.toString("base64url") } };
  }

  /** What the browser was shown, as JSON. */
  payloads<T = unknown>(): T[] {
    return this.delivered.map(({ text, fault }) => {
      if (text === null) throw new Error(`a push could not be decrypted: ${fault}`);
      return JSON.parse(text) as T;
    });
  }

  accept(body: Buffer, how: How): PushMessage {
    const message = new PushMessage(body, this.keys, this.now(), how);
    this.accepted.push(message);
    if (this.isOnline) this.delivered.push(message);
    // RFC 8030, 5.2: a message of no lifetime is for who is there now. 5.4: a newer one of its topic takes its place.
    else if (message.ttlSeconds > 0) this.waiting = [...this.waiting.filter(({ topic }) => topic === null || topic !== message.topic), message];
    return message;
  }

  /** The device is off: what comes waits for as long as it may. */
  goOffline(): void {
    this.isOnline = false;
  }

  /** The device is back, and gets what has not expired meanwhile. */
  goOnline(): PushMessage[] {
    this.isOnline = true;
    const arriving = this.waiting.filter(({ receivedAtMs, ttlSeconds }) => receivedAtMs + ttlSeconds * 1000 > this.now());
    this.waiting = [];
    this.delivered.push(...arriving);
    return arriving;
  }
}
