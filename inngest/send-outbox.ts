import { Rejected, relayOutbox, type OutboxMessage } from "@/lib/platform/outbox/relay";
import { inngest } from "./client";

/** One request stays far below what engines accept (3 MB an event, 5,000 events); a meeting of 500 people is about 100 kB. */
const requestBytesMax = 1_000_000;

/** What an engine answers to an event it will never take, as opposed to one it cannot take now. */
const refusedForGood = new Set([400, 406, 413]);

export const relay = () => relayOutbox(sendOutbox);

/** Hands outbox messages to Inngest under their own ids, so that a message sent twice runs once. */
export async function sendOutbox(messages: OutboxMessage[]): Promise<void> {
  for (const request of bySize(messages)) {
    try {
      await inngest.send(request);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const status = /^Inngest API Error: (\d{3})\b/.exec(reason)?.[1];
      if (status && refusedForGood.has(Number(status))) throw new Rejected(reason);
      throw error;
    }
  }
}

function bySize(messages: OutboxMessage[]): OutboxMessage[][] {
  const requests: OutboxMessage[][] = [];
  let size = Infinity;
  for (const message of messages) {
    const bytes = JSON.stringify(message).length;
    if (size + bytes > requestBytesMax) {
      requests.push([]);
      size = 0;
    }
    requests.at(-1)?.push(message);
    size += bytes;
  }
  return requests;
}
