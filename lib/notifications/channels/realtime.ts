import { memberChannel, publishRealtime, realtimeBatch, type RealtimeMessage } from "@/lib/platform/realtime";
import { inboxCounts, receiversOf } from "../inbox/queries";
import type { RenderedMessage } from "../tables";
import type { Channel } from "./channel";

/** The name of the message a member's tabs listen for; its data is `InboxChange`. */
export const inboxChanged = "inbox.changed";

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
    const members = deliveries.flatMap(({ memberId }) => (memberId ? [memberId] : []));
    const counts = await inboxCounts(tenant, members);
    const receivers = await receiversOf(tenant, [...new Set(deliveries.map(({ notificationId }) => notificationId))], members);
    return deliveries.map((delivery) => {
      const { memberId, notificationId, type, subjectId } = delivery;
      const count = memberId && counts.get(memberId);
      if (!memberId || !count) return { delivery, skip: "no-inbox" };
      const receiverId = receivers.get(`${notificationId} ${memberId}`) ?? null;
      return { delivery, message: { channel: memberChannel(memberId), event: inboxChanged, data: { ...count, receiverId, type, subjectId } } };
    });
  },

  async send(ready) {
    const answer = await publishRealtime(ready.map(({ message }) => message as RenderedMessage & RealtimeMessage));
    return ready.map(() => answer);
  },
};
