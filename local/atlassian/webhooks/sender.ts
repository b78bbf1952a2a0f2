import { setMaxListeners } from "node:events";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { Clock } from "../clock";
import type { DeliveryRule, DeliveryRules } from "../control/delivery-rules";
import { log } from "../log";
import type { Store } from "../store";
import type { Delivery, Try } from "../world/entities";
import { bearerJwt, hubSignature } from "./sign";

const mostTries = 6;
const retried = new Set([408, 409, 425, 429]);
const retryWaitMs = { least: 5 * 60_000, most: 15 * 60_000 };
/** After so long without a success a webhook gets one try for each event. */
const patienceMs = 30 * 60_000;
const connectTimeoutMs = 5_000;
const atOnce = { Primary: 20, Secondary: 10 };
const keptFinished = { count: 1_000, bytes: 64 * 1024 * 1024 };
const keptAnswerBytes = 2_000;

export const isRetried = (status: number | null): boolean => status === null || status >= 500 || retried.has(status);

interface Lane {
  queue: string[];
  busy: number;
}

/**
 * Sends what is to be delivered: at least once, in no promised order, again on 408, 409, 425, 429, 5xx and failures of the connection,
 * five times, each 5 to 15 minutes later. What waits stands in the store, so a restart goes on with it.
 */
export class Sender {
  private readonly lanes = new Map<string, Lane>();
  private readonly later = new Map<string, number>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private finished: { id: string; bytes: number }[] = [];
  private finishedBytes = 0;
  private working = 0;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly rules: DeliveryRules,
  ) {
    // As many as there are deliveries under way.
    setMaxListeners(0, this.stopping.signal);
  }

  /** What a crash or a restart left behind. */
  resume(): void {
    for (const delivery of this.store.all("deliveries")) {
      if (delivery.state === "waiting") this.plan(delivery);
      else if (delivery.state === "held") this.release([delivery.id]);
      else this.remember(delivery);
    }
  }

  accept(delivery: Delivery): void {
    const taken = this.rules.take(delivery);
    if (!taken) return this.enqueue(delivery);
    this.bend(delivery, taken.rule);
    // What was held one by one goes last first.
    if (taken.rule.kind === "reorder" && taken.gathered.length > 0) this.release(taken.gathered.toReversed());
  }

  /** The same delivery again, under the same identifier. */
  again(delivery: Delivery): Delivery {
    const copy: Delivery = { ...delivery, id: crypto.randomUUID(), state: "waiting", notBefore: this.clock.life(), tries: [] };
    this.enqueue(copy);
    return copy;
  }

  /** Sends held deliveries in this order, each after the one before it was answered. */
  release(ids: readonly string[]): void {
    const held = ids.flatMap((id) => this.store.get("deliveries", id) ?? []).filter(({ state }) => state === "held");
    for (const delivery of held) this.store.put("deliveries", { ...delivery, state: "waiting", notBefore: this.clock.life() });
    this.working += 1;
    void (async () => {
      for (const { id } of held) if (!this.stopping.signal.aborted) await this.attempt(id);
    })().finally(() => {
      this.working -= 1;
    });
  }

  /** The clock was moved, or waits became shorter. */
  recheck(): void {
    for (const id of [...this.later.keys()]) {
      const delivery = this.store.get("deliveries", id);
      this.later.delete(id);
      if (delivery?.state === "waiting") this.plan(delivery);
    }
    this.arm();
  }

  /** Lets whatever waits for its time go at once. */
  hurry(): void {
    for (const id of this.later.keys()) {
      const delivery = this.store.get("deliveries", id);
      if (delivery) this.store.put("deliveries", { ...delivery, notBefore: this.clock.life() });
    }
    this.recheck();
  }

  /** Forgets what is under way; the world begins anew. */
  clear(): void {
    this.lanes.clear();
    this.later.clear();
    this.finished = [];
    this.finishedBytes = 0;
  }

  /** Nothing is being sent and nothing is ready to be. */
  get isIdle(): boolean {
    return this.working === 0 && [...this.lanes.values()].every(({ queue, busy }) => queue.length === 0 && busy === 0);
  }

  close(): void {
    this.stopping.abort();
    if (this.timer) clearTimeout(this.timer);
  }

  private enqueue(delivery: Delivery): void {
    this.store.put("deliveries", delivery);
    this.plan(delivery);
  }

  private bend(delivery: Delivery, rule: DeliveryRule): void {
    switch (rule.kind) {
      case "drop":
        return this.finish({ ...delivery, state: "dropped" });
      case "hold":
      case "reorder":
        return this.store.put("deliveries", { ...delivery, state: "held" });
      case "delay":
        return this.enqueue({ ...delivery, notBefore: this.clock.life() + rule.delayMs });
      case "duplicate":
        this.enqueue(delivery);
        for (let copy = 0; copy < rule.copies; copy += 1) this.again(delivery);
    }
  }

  private plan(delivery: Delivery): void {
    if (delivery.notBefore > this.clock.life()) {
      this.later.set(delivery.id, delivery.notBefore);
      return this.arm();
    }
    const key = `${delivery.siteId} ${hostOf(delivery.url)} ${delivery.flow}`;
    const lane = this.lanes.get(key) ?? { queue: [], busy: 0 };
    this.lanes.set(key, lane);
    lane.queue.push(delivery.id);
    this.drain(lane, atOnce[delivery.flow]);
  }

  private drain(lane: Lane, most: number): void {
    while (lane.busy < most && !this.stopping.signal.aborted) {
      const id = lane.queue.shift();
      if (id === undefined) return;
      lane.busy += 1;
      void this.attempt(id).finally(() => {
        lane.busy -= 1;
        this.drain(lane, most);
      });
    }
  }

  private arm(): void {
    if (this.timer) clearTimeout(this.timer);
    const next = Math.min(...this.later.values());
    if (next === Infinity || this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => this.recheck(), Math.min(3_600_000, Math.max(1, next - this.clock.life())));
    this.timer.unref();
  }

  private async attempt(id: string): Promise<void> {
    // Nobody may hear of a change that a crash could still undo.
    await this.store.durable().catch((error: unknown) => log("error", "could not keep a delivery", { reason: String(error) }));
    const delivery = this.store.get("deliveries", id);
    if (delivery?.state !== "waiting" || this.stopping.signal.aborted) return;
    const hook = this.store.get("hooks", delivery.hookId);
    if (!hook) return this.finish({ ...delivery, state: "dropped" });
    const made = await this.send(delivery);
    if (made === null || !this.store.get("deliveries", id)) return;
    this.record({ ...delivery, tries: [...delivery.tries, made] }, made);
  }

  private record(delivery: Delivery, made: Try): void {
    const hook = this.store.get("hooks", delivery.hookId);
    const isDone = made.status !== null && made.status >= 200 && made.status < 300;
    const isImpatient = hook?.failingSince !== null && hook?.failingSince !== undefined && this.clock.life() - hook.failingSince > patienceMs;
    if (hook && isDone !== (hook.failingSince === null)) this.store.put("hooks", { ...hook, failingSince: isDone ? null : this.clock.life() });
    if (isDone) return this.finish({ ...delivery, state: "delivered" });
    if (!isRetried(made.status) || delivery.tries.length >= mostTries || isImpatient) return this.finish({ ...delivery, state: "lost" });
    const wait = retryWaitMs.least + Math.random() * (retryWaitMs.most - retryWaitMs.least);
    this.enqueue({ ...delivery, notBefore: this.clock.life() + wait / this.store.settings().retrySpeed });
  }

  private finish(delivery: Delivery): void {
    this.store.put("deliveries", delivery);
    this.remember(delivery);
  }

  /** The log forgets its oldest entries; what is still to be delivered is none of them. */
  private remember({ id, body }: Delivery): void {
    this.finished.push({ id, bytes: body.length });
    this.finishedBytes += body.length;
    while (this.finished.length > keptFinished.count || (this.finishedBytes > keptFinished.bytes && this.finished.length > 1)) {
      const oldest = this.finished.shift();
      if (!oldest) return;
      this.finishedBytes -= oldest.bytes;
      this.store.remove("deliveries", oldest.id);
    }
  }

  /** Null when the engine stops meanwhile: then it was no try. */
  private send(delivery: Delivery): Promise<Try | null> {
    const headers = this.headersOf(delivery);
    const began = performance.now();
    const made = (rest: Pick<Try, "status" | "error" | "answer">): Try => ({
      at: new Date(this.clock.now()).toISOString(),
      tookMs: Math.round(performance.now() - began),
      headers,
      ...rest,
    });
    return new Promise((resolve) => {
      const { signal } = this.stopping;
      const url = new URL(delivery.url);
      const settle = (rest: Pick<Try, "status" | "error" | "answer">): void => {
        clearTimeout(answering);
        clearTimeout(connecting);
        resolve(signal.aborted ? null : made(rest));
      };
      const request = (url.protocol === "https:" ? secureRequest : plainRequest)(url, { method: "POST", headers, signal, agent: false }, (response) => {
        let answer = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          if (answer.length < keptAnswerBytes) answer += part.slice(0, keptAnswerBytes - answer.length);
        });
        response.once("end", () => settle({ status: response.statusCode ?? null, error: null, answer }));
        response.once("error", (error) => settle({ status: null, error: error.message, answer }));
      });
      const connecting = setTimeout(() => request.destroy(new Error("connect timeout")), connectTimeoutMs);
      const answering = setTimeout(() => request.destroy(new Error("response timeout")), this.store.settings().responseTimeoutMs);
      request.once("socket", (socket) => socket.once("connect", () => clearTimeout(connecting)));
      request.once("error", (error) => settle({ status: null, error: error.message, answer: "" }));
      request.end(delivery.body);
    });
  }

  private headersOf(delivery: Delivery): Record<string, string> {
    const hook = this.store.get("hooks", delivery.hookId);
    const client = hook?.kind === "dynamic" ? this.store.get("clients", hook.clientId) : null;
    return {
      "User-Agent": "Atlassian Webhook HTTP Client",
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": String(Buffer.byteLength(delivery.body)),
      "X-Atlassian-Webhook-Identifier": delivery.identifier,
      "X-Atlassian-Webhook-Flow": delivery.flow,
      ...(delivery.tries.length > 0 && { "X-Atlassian-Webhook-Retry": String(delivery.tries.length) }),
      ...(hook?.kind === "admin" && hook.secret !== null && { "X-Hub-Signature": hubSignature(hook.secret, delivery.body) }),
      ...(client && { Authorization: `Bearer ${bearerJwt(client.id, client.secret, this.clock.now())}` }),
    };
  }
}

function hostOf(url: string): string {
  return new URL(url).host;
}
