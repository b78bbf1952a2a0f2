import type { Tenant } from "@/lib/platform/db/client";
import type { PluginFacts } from "./events";

/**
 * What a plugin is: one value of this interface, in `plugins/<name>/plugin.ts`, listed in `registry.ts`. Everything else (storing,
 * deduplicating, ordering, matching, telling, the pages) is the same for all of them. Two prove that it holds: `jira`, with everything,
 * and `generic`, with the least.
 */
export interface Plugin {
  readonly name: string;
  /** The product's names of what it can report; `<name>.unknown` is whatever it does not know. */
  readonly events: readonly string[];
  /** Whether a webhook is genuine, by its raw bytes, in constant time. */
  verify(request: InboundRequest, trust: Trust): Verdict;
  /** The sender's own id of this delivery, the same over its retries; null when it has none. */
  deliveryId(request: InboundRequest): string | null;
  /**
   * What it says. Pure and lenient: whatever it does not know comes back as `<name>.unknown`, and only what cannot be read at all is
   * `unreadable`.
   */
  read(body: Buffer, place: Place): Reading;
  /** What has changed over there since an instant, a page at a time, for when webhooks did not come. Absent where nothing can be asked. */
  changesSince?(tenant: Tenant, place: AskedPlace, wish: ChangesWish): Promise<ChangesPage>;
}

export interface AskedPlace {
  credentialId: string;
  metadata: ConnectionMetadata;
}

export interface ChangesWish {
  since: Date;
  /** What the webhooks of the connection are limited to, in the words of the place; any of them. Empty: nothing is known. */
  filters: string[];
  /** Where the page before ended; null for the first one. */
  after: string | null;
}

/** A change in the form in which a webhook would have told of it, and its key as reading that gives it. */
export interface AskedChange {
  changeKey: string;
  projectId: string | null;
  body: Record<string, unknown>;
}

/** `later`: the place is away, wants rest (for how long, where it says so), or does not let us in until somebody consents anew. */
export type ChangesPage =
  | { changes: AskedChange[]; after: string | null }
  | { later: "unavailable" | "rate-limited" | "refused"; detail: string; retryAfterSeconds: number | null };

/**
 * `unsigned`: it carries no proof. `signature`: what it carries proves nothing. `expired`: genuine, but not of these minutes. `wrong-kind`:
 * it carries the proof of the kind of webhook that is not the active one. `unknown-hook`: genuine, but from a webhook that is not ours.
 */
export const objections = ["unsigned", "signature", "expired", "wrong-kind", "unknown-hook"] as const;
export type Objection = (typeof objections)[number];

export type Verdict = { proof: "hmac" | "jwt" | "signature" } | { refused: Objection };

/**
 * `changeKey` names the change itself: whatever else tells of the same change has the same, and only the first of them counts. Null when
 * that cannot be known.
 */
export type Reading = { facts: PluginFacts; changeKey: string | null } | { unreadable: string };

export interface InboundRequest {
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** What a connection accepts as proof. */
export interface Trust {
  kind: "manual" | "dynamic";
  /** The current secret and those that a rotation still accepts. */
  secrets: string[];
  /** Ids of the webhooks that we registered over there. */
  hookIds: string[];
  nowMs: number;
}

export interface Place {
  connectionId: string;
  name: string;
  metadata: ConnectionMetadata;
  receivedAt: Date;
}

/** What only the plugin understands of a connection. */
export type ConnectionMetadata = { cloudId?: string; siteUrl?: string; avatarUrl?: string };
