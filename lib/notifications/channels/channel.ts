import type { ProviderAnswer } from "@/lib/platform/provider";
import type { Tenant } from "@/lib/platform/db/client";
import type { ClaimedDelivery } from "../deliveries/commands";
import type { NotificationType } from "../catalog";
import type { RecipientProfile } from "../deliveries/queries";
import type { FailureCause } from "../deliveries/rules";
import type { ChannelName } from "../inputs";
import type { RenderedMessage } from "../tables";
import type { Content } from "../templates/content";

/** What a subject has to say to one recipient now, or why there is nothing to say any more. */
export type Resolution = { content: Content } | { skip: string };

/**
 * Reads the subjects of some deliveries of one type as they stand now. Composed outside this domain, because notifications may not
 * read the domains they speak about. A delivery without an entry is skipped as `gone`.
 */
export type Resolve = (tenant: Tenant, type: NotificationType, deliveries: ClaimedDelivery[]) => Promise<Map<string, Resolution>>;

/** As much of something told as it takes to ask whether it still holds: a delivery, or an item of a bundle. */
export type Told = Pick<ClaimedDelivery, "id" | "subjectId" | "memberId" | "participantId" | "payload">;

/** Which of some deliveries of one type no longer apply, each with why; without any effect on the subjects. */
export type Applies = (tenant: Tenant, type: NotificationType, deliveries: Told[]) => Promise<Map<string, string>>;

/**
 * What the domains know about what is told. Resolving a meeting's mail notes what its reader has been told; a channel that only
 * needs to know whether something still holds asks `applies`.
 */
export interface Subjects {
  resolve: Resolve;
  applies: Applies;
}

/** A skip with a cause is no longer a choice but a failure: a dead letter. */
export type Prepared = { delivery: ClaimedDelivery; message: RenderedMessage } | { delivery: ClaimedDelivery; skip: string; cause?: FailureCause };
export type Ready = Extract<Prepared, { message: RenderedMessage }>;

/** One way to reach people. Everything else (claims, order, retries, records) is the same for all of them. */
export interface Channel {
  readonly name: ChannelName;
  /** Whose calls fail together: names of breakers and of metrics, so a short and fixed list. */
  readonly providers: readonly string[];
  /** Which of them carries this message; messages of one call share it. */
  providerOf(ready: Ready): string;
  readonly messagesPerCall: number;
  /** True for a message that the provider takes only by itself. */
  travelsAlone?(ready: Ready): boolean;
  readonly callsAtOnce: number;
  /** False where a message is right even after its notification expired, such as a count. */
  readonly perishable: boolean;
  /** True when a retry must make the same call again, because the provider recognizes it; false when only the newest state counts. */
  readonly keepsMessage: boolean;
  /** Milliseconds after which a message that could not be handed over is given up. */
  readonly giveUpAfterMs: number;
  prepare(tenant: Tenant, deliveries: ClaimedDelivery[], context: { subjects: Subjects; profiles: Map<string, RecipientProfile> }): Promise<Prepared[]>;
  /**
   * One call to the provider, with one answer for each message in their order. `callKey` of the deliveries, the same for all, is its
   * idempotency key where messages are kept. Never throws.
   */
  send(ready: Ready[]): Promise<ProviderAnswer[]>;
}
