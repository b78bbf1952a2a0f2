import PusherClient from "pusher-js";
import type { Instance } from "./instance";

const patienceMs = 30_000;

export interface Ear {
  /** Milliseconds from when `cause` says that it is done until the browser hears `event`; below zero when it hears it before that. */
  heard: (event: string, cause: () => Promise<number>) => Promise<number>;
  close: () => void;
}

/** A browser's socket that hears one private channel, as the person whose cookie it carries. */
export async function listenTo(instance: Instance, cookie: string, name: string, organization?: string): Promise<Ear> {
  const { host, port, key } = instance.pusher;
  const query = organization === undefined ? "" : `?organization=${organization}`;

  /** What the page does: the session cookie proves who wants to hear the channel. */
  const authorize = async ({ socketId, channelName }: { socketId: string; channelName: string }): Promise<{ auth: string }> => {
    const response = await fetch(`${instance.origin}/api/realtime/auth${query}`, {
      method: "POST",
      headers: { cookie, origin: new URL(instance.app.url).origin },
      body: new URLSearchParams({ socket_id: socketId, channel_name: channelName }),
    });
    if (!response.ok) throw new Error(`authorization answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as { auth: string };
  };

  const browser = new PusherClient(key, {
    cluster: "local",
    wsHost: host,
    wsPort: port,
    forceTLS: false,
    enabledTransports: ["ws"],
    enableStats: false,
    channelAuthorization: {
      endpoint: `${instance.origin}/api/realtime/auth`,
      transport: "ajax",
      customHandler: (params, callback) => void authorize(params).then((auth) => callback(null, auth), (error: Error) => callback(error, null)),
    },
  });
  const channel = browser.subscribe(name);
  await new Promise<void>((subscribed, refused) => {
    channel.bind("pusher:subscription_succeeded", () => subscribed());
    channel.bind("pusher:subscription_error", (error: unknown) => refused(new Error(`subscription refused: ${JSON.stringify(error)}`)));
  });

  const heard = async (event: string, cause: () => Promise<number>): Promise<number> => {
    let stop = () => {};
    const arrival = new Promise<number>((arrived, late) => {
      const timer = setTimeout(() => late(new Error(`${event} was not heard within ${patienceMs} ms`)), patienceMs);
      const hear = () => arrived(performance.now());
      channel.bind(event, hear);
      stop = () => {
        clearTimeout(timer);
        channel.unbind(event, hear);
      };
    });
    try {
      const [since, at] = await Promise.all([cause(), arrival]);
      return at - since;
    } finally {
      stop();
    }
  };
  return { heard, close: () => browser.disconnect() };
}
