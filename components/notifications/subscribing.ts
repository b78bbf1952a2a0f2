import type Pusher from "pusher-js";
import type { Channel } from "pusher-js";

/** What of a connection this needs. */
type Connection = Pick<Pusher, "subscribe" | "channel">;

const firstWaitMs = 2_000;
const longestWaitMs = 60_000;

/**
 * Hears a channel. The library asks once whether it may: when nobody could tell just then, because the application was starting anew or
 * everybody came back at the same time, the tab would stay deaf until its next reconnection. So it asks again, later each time and at a
 * moment of its own; a channel that it may not hear is not asked for twice.
 */
export function subscribeSurely(connection: Connection, name: string): Channel {
  const channel = connection.subscribe(name);
  let wait = firstWaitMs;
  channel.bind("pusher:subscription_succeeded", () => {
    wait = firstWaitMs;
  });
  channel.bind("pusher:subscription_error", (fault: unknown) => {
    if (isRefusal(fault)) return;
    // A connection that was lost meanwhile asks for all its channels itself, and for none that was left.
    setTimeout(() => connection.channel(name) === channel && connection.subscribe(name), wait * (0.5 + Math.random() / 2));
    wait = Math.min(wait * 2, longestWaitMs);
  });
  return channel;
}

function isRefusal(fault: unknown): boolean {
  const status = typeof fault === "object" && fault !== null && "status" in fault && typeof fault.status === "number" ? fault.status : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
