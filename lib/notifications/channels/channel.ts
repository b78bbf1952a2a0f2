import type { ProviderAnswer } from "@/lib/platform/provider";
import type { Tenant } from "@/lib/platform/db/client";
import type { ClaimedDelivery } from "../deliveries/commands";
import type { NotificationType } from "../catalog";
import type { RecipientProfile } from "../deliveries/queries";
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

export type Prepared = { delivery: ClaimedDelivery; message: RenderedMessage } | { delivery: ClaimedDelivery; skip: string };
export type Ready = Extract<Prepared, { message: RenderedMessage }>;

/** One way to reach people. Everything else (claims, order, retries, records) is the same for all of them. */
export interface Channel {
  readonly name: ChannelName;
  readonly messagesPerCall: number;
  readonly callsAtOnce: number;
  /** True when a retry must send the first bytes again (the provider recognizes them); false when only the newest state counts. */
  readonly keepsMessage: boolean;
  /** Milliseconds after which a message that could not be handed over is given up. */
  readonly giveUpAfterMs: number;
  prepare(tenant: Tenant, deliveries: ClaimedDelivery[], context: { resolve: Resolve; profiles: Map<string, RecipientProfile> }): Promise<Prepared[]>;
  /** One call to the provider; its answer holds for all messages of the call. Never throws. */
  send(ready: Ready[]): Promise<ProviderAnswer>;
}
