import { randomInt } from "node:crypto";
import { WebSocket } from "ws";
import { errorFrame, frame, type Frame } from "./frames";
import type { Limits } from "./limits";
import { log } from "./log";
import { code } from "./refusal";

/**
 * Tells when the connection begins to close. `ws` calls `close` itself when the peer's close frame arrives, while its
 * "close" event waits for TCP, which a peer may hold open long after it has left.
 */
export class LeavingSocket extends WebSocket {
  override close(status?: number, reason?: string | Buffer): void {
    this.emit("leaving");
    super.close(status, reason);
  }
}

export interface SignedInUser {
  id: string;
  info: unknown;
  watchlist: readonly string[];
}

const text = { binary: false, compress: false };

export class Connection {
  readonly id = `${randomInt(1, 2 ** 40)}.${randomInt(1, 2 ** 40)}`;
  readonly subscriptions = new Set<string>();
  user: SignedInUser | undefined;
  /** When the latest client events were sent, oldest first. */
  readonly clientEventTimes: number[] = [];
  private lastSeen = performance.now();
  private timer: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    private readonly limits: Limits,
  ) {
    this.timer = setTimeout(() => this.checkActivity(), limits.activityTimeoutMs);
    for (const sign of ["message", "ping", "pong"]) socket.on(sign, () => this.seen());
  }

  greet(): void {
    const activity_timeout = Math.ceil(this.limits.activityTimeoutMs / 1000);
    const data = JSON.stringify({ socket_id: this.id, activity_timeout });
    this.send(frame({ event: "pusher:connection_established", data }));
  }

  send(message: Frame): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.send(message, text);
    // A reader that does not keep up is cut, so that it costs neither memory nor the others' time. There is no point
    // in a close frame: it would wait behind everything that is not being read.
    if (this.socket.bufferedAmount > this.limits.bufferedBytes) {
      log("warn", "a slow reader was cut off", { socketId: this.id, waitingBytes: this.socket.bufferedAmount });
      this.socket.terminate();
    }
  }

  complain(errorCode: number | null, message: string): void {
    this.send(errorFrame(errorCode, message));
  }

  /** Ends the connection with a code that tells the client whether and when to come back. */
  end(status: number, reason: string): void {
    this.complain(status, reason);
    this.socket.close(status, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  stopWatching(): void {
    clearTimeout(this.timer);
  }

  private seen(): void {
    this.lastSeen = performance.now();
  }

  private checkActivity(): void {
    const left = this.limits.activityTimeoutMs - (performance.now() - this.lastSeen);
    if (left > 1) {
      this.timer = setTimeout(() => this.checkActivity(), left);
      return;
    }
    const pingedAt = performance.now();
    this.send(frame({ event: "pusher:ping", data: "{}" }));
    this.timer = setTimeout(() => {
      if (this.lastSeen < pingedAt) this.end(code.pongMissing, "Pong reply not received in time.");
      else this.checkActivity();
    }, this.limits.pongTimeoutMs);
  }
}
