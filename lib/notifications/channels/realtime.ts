import { memberChannel, organizationChannel, publishRealtime, realtimeBatch, type RealtimeMessage } from "@/lib/platform/realtime";
import type { ClaimedDelivery } from "../deliveries/commands";
import { spreadSeconds } from "../fan-out/rules";
import { inboxCounts, readersOf, receiversOf } from "../inbox/queries";
import type { RenderedMessage } from "../tables";
import type { Channel, Prepared } from "./channel";

/** The name of the message a member's tabs listen for; its data is `InboxChange`. */
export const inboxChanged = "inbox.changed";

/**
 * What a whole organization hears when very many of its members were told the same: a tab asks for its count at a moment of its own
 * within so many seconds, so that they do not all ask at once. Its data is `InboxStale`.
 */
export const inboxStale = "inbox.stale";
export type InboxStale = { withinSeconds: number };

/**
 * The live badge. It carries the newest count with a version that only rises, so it may be repeated, delayed or lost: a browser drops
 * what is older than what it shows, and asks again when it reconnects.
 */
export const realtime: Channel = {
  name: "realtime",
  providers: ["pusher"],
  providerOf: () => "pusher",
  messagesPerCall: realtimeBatch,
  callsAtOnce: 4,
  perishable: false,
  keepsMessage: false,
  giveUpAfterMs: 10 * 60 * 1000,

  async prepare(tenant, deliveries) {
    const readers = await readersOf(tenant, deliveries.flatMap(({ memberId, notificationId }) => (memberId ? [] : [notificationId])));
    const members = deliveries.flatMap(({ memberId }) => (memberId ? [memberId] : []));
    const counts = await inboxCounts(tenant, members);
    const receivers = await receiversOf(tenant, [...new Set(deliveries.map(({ notificationId }) => notificationId))], members);
    return deliveries.map((delivery) => {
      const { memberId, notificationId, type, subjectId } = delivery;
      if (!memberId) return toEverybody(tenant.organizationId, delivery, readers.get(notificationId) ?? 0);
      const count = counts.get(memberId);
      if (!count) return { delivery, skip: "no-inbox" };
      const receiverId = receivers.get(`${notificationId} ${memberId}`) ?? null;
      return { delivery, message: { channel: memberChannel(memberId), event: inboxChanged, data: { ...count, receiverId, type, subjectId } } };
    });
  },

  async send(ready) {
    const answer = await publishRealtime(ready.map(({ message }) => message as RenderedMessage & RealtimeMessage));
    return ready.map(() => answer);
  },
};

function toEverybody(organizationId: string, delivery: ClaimedDelivery, readers: number): Prepared {
  const stale: InboxStale = { withinSeconds: spreadSeconds(readers) };
  return { delivery, message: { channel: organizationChannel(organizationId), event: inboxStale, data: stale } };
}
