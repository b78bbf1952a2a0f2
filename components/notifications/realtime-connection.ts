import type Pusher from "pusher-js";
import type { InboxCount } from "@/lib/notifications/inbox/queries";
import type { RealtimeSettings } from "@/lib/platform/realtime";
import { carryChannels } from "./channels";
import { announceNews } from "./organization-news";
import { subscribeSurely } from "./subscribing";

interface Wish {
  memberId: string;
  organizationId: string;
  organization: string;
  settings: RealtimeSettings;
  accept: (count: InboxCount) => void;
  onConnection: (connected: boolean) => void;
}

/** Hears one member's inbox until the returned function is called. The library is loaded after the page is there. */
export function connectInbox({ memberId, organizationId, organization, settings, accept, onConnection }: Wish): () => void {
  let ended = false;
  let pusher: Pusher | undefined;
  let dropChannels: (() => void) | undefined;
  let asking: ReturnType<typeof setTimeout> | undefined;

  const ask = async () => {
    try {
      const response = await fetch(`/api/notifications?limit=1&organization=${encodeURIComponent(organization)}`);
      const answer: unknown = response.ok ? await response.json() : null;
      if (!ended && isCount(answer)) accept(answer);
    } catch {
      // Not reachable just now: the next reconnection or look at the tab asks again.
    }
  };
  const looked = () => {
    if (document.visibilityState === "visible") void ask();
  };

  // Very many members were told the same: each tab asks at a moment of its own, and once however often it is told.
  const askWithin = (seconds: number) => {
    asking ??= setTimeout(() => {
      asking = undefined;
      void ask();
    }, Math.random() * seconds * 1000);
  };

  void import("pusher-js").then(({ default: Client }) => {
    if (ended) return;
    pusher = new Client(settings.key, {
      cluster: settings.cluster,
      forceTLS: settings.tls,
      enabledTransports: ["ws", "wss"],
      ...(settings.host ? { wsHost: settings.host } : {}),
      ...(settings.port ? { wsPort: settings.port, wssPort: settings.port } : {}),
      channelAuthorization: { transport: "ajax", endpoint: `/api/realtime/auth?organization=${encodeURIComponent(organization)}` },
    });
    pusher.connection.bind("state_change", ({ current }: { current: string }) => onConnection(current === "connected" || current === "connecting"));
    const channel = subscribeSurely(pusher, `private-member-${memberId}`);
    // Also after every reconnection: what was said meanwhile went by.
    channel.bind("pusher:subscription_succeeded", () => void ask());
    channel.bind("inbox.changed", (change: unknown) => {
      if (isCount(change)) accept({ unread: change.unread, version: change.version });
    });
    channel.bind("media.changed", (data: unknown) => announceNews("media.changed", data));
    const everybody = subscribeSurely(pusher, `private-organization-${organizationId}`);
    everybody.bind("inbox.stale", (news: unknown) => {
      if (typeof news === "object" && news !== null && "withinSeconds" in news && typeof news.withinSeconds === "number") askWithin(news.withinSeconds);
    });
    everybody.bind_global((name: string, data: unknown) => announceNews(name, data));
    dropChannels = carryChannels(pusher);
  });
  document.addEventListener("visibilitychange", looked);
  window.addEventListener("focus", looked);
  window.addEventListener("online", looked);

  return () => {
    ended = true;
    clearTimeout(asking);
    dropChannels?.();
    pusher?.disconnect();
    document.removeEventListener("visibilitychange", looked);
    window.removeEventListener("focus", looked);
    window.removeEventListener("online", looked);
  };
}

const isCount = (value: unknown): value is InboxCount =>
  typeof value === "object" && value !== null && "unread" in value && typeof value.unread === "number" && "version" in value && typeof value.version === "number";
