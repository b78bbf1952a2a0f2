// The push service of the measure, in a process of its own: it checks who sends, and says afterwards whether browsers could read it.
import { startPush } from "@/local/push/server";

/** What the sender is told first. */
export interface Subscribed {
  host: string;
  subscriptions: { endpoint: string; keys: { p256dh: string; auth: string } }[];
}

/** What it is told when it asks. */
export interface Received {
  accepted: number;
  readable: boolean;
}

const engine = await startPush({ port: 0 });
const subscriptions = Array.from({ length: Number(process.argv[2]) }, () => engine.newSubscription());
process.send?.({ host: `127.0.0.1:${engine.port}`, subscriptions: subscriptions.map(({ json }) => json) } satisfies Subscribed);
process.on("message", () => {
  const accepted = subscriptions.flatMap((subscription) => subscription.accepted);
  process.send?.({ accepted: accepted.length, readable: accepted.every(({ fault }) => fault === null) } satisfies Received);
});
process.on("disconnect", () => process.exit());
