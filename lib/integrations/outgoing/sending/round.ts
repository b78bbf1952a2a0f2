import { clock } from "@/lib/platform/clock";
import { systemTenant, type Tenant } from "@/lib/platform/db/client";
import { attempt, claimDue, settle, type Claimed, type Fetch, type Settled, type Target } from "../attempts/commands";
import { nextDue } from "./queries";

/** An endpoint that something waits for. */
export interface Wish {
  organizationId: string;
  endpointId: string;
}

export interface RoundOutcome {
  attempts: Record<string, number>;
  /** Endpoints that were paused; their owners are to be told. */
  paused: number;
  /** Endpoints that are to be looked at again, and when. */
  again: (Wish & { at: Date })[];
}

export interface RoundOptions {
  fetch?: Fetch;
  /** How long a round takes up further deliveries; what is under way then still ends. */
  takesForMs?: number;
}

interface Place {
  wish: Wish;
  /** Somebody wished for it while it was being served. */
  asked: boolean;
  /** Tells whoever serves it, who may be waiting for a slow answer. */
  wake: () => void;
}

const attemptsAtOnce = 10;
const endpointsAtOnce = 50;
/** One that fails is asked by one request at a time, and no longer than this before others have their turn. */
const failingForMs = 10_000;
const failingAgainMs = 5_000;
/** What falls due later than this is left to the sweep. */
const aheadMs = 60_000;

/**
 * Sends what is due to many endpoints side by side, so that a slow one costs a few idle sockets and holds up nobody else. Endpoints may
 * join while it lasts. All that is certain is in the database; a round that dies is taken over when its leases lapse.
 */
export class Round {
  private readonly outcome: RoundOutcome = { attempts: {}, paused: 0, again: [] };
  private readonly known = new Map<string, Place>();
  private readonly queue: Place[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly startedAt = performance.now();
  private over = false;
  private broken: unknown;

  constructor(private readonly options: RoundOptions = {}) {}

  /** @returns false when it takes no more. */
  join(wish: Wish): boolean {
    if (this.over || this.late()) return false;
    const known = this.known.get(wish.endpointId);
    if (known) {
      known.asked = true;
      known.wake();
    } else {
      const place: Place = { wish, asked: false, wake: () => undefined };
      this.known.set(wish.endpointId, place);
      this.queue.push(place);
      this.start();
    }
    return true;
  }

  async finish(): Promise<RoundOutcome> {
    while (this.running.size > 0) await Promise.race(this.running);
    this.over = true;
    if (this.broken !== undefined) throw this.broken;
    return this.outcome;
  }

  private late = () => performance.now() - this.startedAt > (this.options.takesForMs ?? 40_000);

  private start(): void {
    while (this.running.size < endpointsAtOnce) {
      const place = this.queue.shift();
      if (!place) return;
      const work: Promise<void> = this.serve(place)
        .catch((error: unknown) => {
          // The others go on; the function then fails as a whole, and is tried again.
          this.broken = error;
        })
        .finally(() => {
          this.running.delete(work);
          if (place.asked && !this.late()) this.queue.push(place);
          else this.known.delete(place.wish.endpointId);
          this.start();
        });
      this.running.add(work);
    }
  }

  private async serve(place: Place): Promise<void> {
    const tenant = systemTenant(place.wish.organizationId);
    const startedAt = performance.now();
    const underWay = new Set<Promise<void>>();
    let failing = false;
    let broken: unknown;
    /** Whether there may be more to claim than was. */
    let more = true;
    /** Whether something is left for later. */
    let left = false;
    const launch = (target: Target, delivery: Claimed) => {
      const work: Promise<void> = this.send(tenant, target, delivery)
        .then(({ well, verdict, followed }) => {
          failing = !well;
          more ||= followed;
          left ||= verdict === "retry" || verdict === "lost";
        })
        .catch((error: unknown) => {
          broken = error;
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
    };
    for (;;) {
      place.asked = false;
      const asked = new Promise<void>((wake) => {
        place.wake = wake;
      });
      const tired = broken !== undefined || this.late() || (failing && performance.now() - startedAt > failingForMs);
      const room: number = (failing ? 1 : attemptsAtOnce) - underWay.size;
      if (room > 0 && more && !tired) {
        const { target, claimed } = await claimDue(tenant, place.wish.endpointId, room);
        more = claimed.length === room;
        failing ||= target?.failing ?? false;
        if (target) for (const delivery of claimed) launch(target, delivery);
      }
      if (underWay.size > 0) await Promise.race([...underWay, asked]);
      // Somebody may have asked while the claim found nothing.
      else if (tired || (!more && !place.asked)) break;
      more ||= place.asked;
      left ||= tired;
    }
    if (broken !== undefined) throw broken;
    if (left || failing || this.late()) await this.remember(tenant, place.wish);
  }

  private async send(tenant: Tenant, target: Target, delivery: Claimed): Promise<Pick<Settled, "verdict" | "followed"> & { well: boolean }> {
    const made = await attempt(target, delivery, this.options.fetch);
    const { verdict, paused, followed } = await settle(tenant, target, delivery, made);
    if (paused) this.outcome.paused += 1;
    this.outcome.attempts[verdict] = (this.outcome.attempts[verdict] ?? 0) + 1;
    return { well: verdict === "delivered" || delivery.test, verdict, followed };
  }

  private async remember(tenant: Tenant, wish: Wish): Promise<void> {
    const due = await nextDue(tenant, wish.endpointId);
    if (!due) return;
    const now = clock.now();
    const at = due > now ? due : new Date(now.getTime() + (this.late() ? 0 : failingAgainMs));
    if (at.getTime() - now.getTime() <= aheadMs) this.outcome.again.push({ ...wish, at });
  }
}
