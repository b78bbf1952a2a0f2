"use client";

import type Pusher from "pusher-js";
import { useEffect, useRef } from "react";
import { subscribeSurely } from "./subscribing";

type Hear = (data: unknown) => void;

interface Listener {
  event: string;
  hear: Hear;
  missed: () => void;
}

/**
 * The channels that this tab hears besides its member's own. The connection comes and goes with the layout, pages with their channels:
 * here they meet, whichever is there first.
 */
const wanted = new Map<string, Set<Listener>>();
let carrier: Pusher | null = null;

/** A page that goes to the next one of the same channel does not ask for it anew. */
const lingerMs = 2_000;

/** Hears every wanted channel over this connection until the returned function is called. */
export function carryChannels(pusher: Pusher): () => void {
  carrier = pusher;
  for (const name of wanted.keys()) subscribe(pusher, name);
  return () => {
    if (carrier === pusher) carrier = null;
  };
}

function subscribe(pusher: Pusher, name: string): void {
  if (pusher.channel(name)) return;
  const channel = subscribeSurely(pusher, name);
  channel.bind_global((event: string, data: unknown) => {
    for (const listener of wanted.get(name) ?? []) {
      // Also after every reconnection: what was said meanwhile went by.
      if (event === "pusher:subscription_succeeded") listener.missed();
      if (event === listener.event) listener.hear(data);
    }
  });
}

function listen(name: string, listener: Listener): () => void {
  const listeners = wanted.get(name) ?? new Set();
  listeners.add(listener);
  wanted.set(name, listeners);
  const channel = carrier?.channel(name);
  if (carrier && !channel) subscribe(carrier, name);
  else if (channel?.subscribed) listener.missed();
  return () => {
    listeners.delete(listener);
    setTimeout(() => {
      if (listeners.size > 0 || wanted.get(name) !== listeners) return;
      wanted.delete(name);
      carrier?.unsubscribe(name);
    }, lingerMs);
  };
}

/**
 * Calls `hear` with what a channel says, and `missed` whenever something may have been said that nobody here heard: when the channel is
 * heard for the first time or again, and when the tab is looked at or the network is back. A channel that may not be heard stays silent.
 */
export function useChannel(channel: string, event: string, hear: Hear, missed?: () => void): void {
  const latest = useRef({ hear, missed });
  useEffect(() => {
    latest.current = { hear, missed };
  });
  useEffect(() => {
    const again = () => latest.current.missed?.();
    const looked = () => {
      if (document.visibilityState === "visible") again();
    };
    const leave = listen(channel, { event, hear: (data) => latest.current.hear(data), missed: again });
    document.addEventListener("visibilitychange", looked);
    window.addEventListener("online", again);
    return () => {
      leave();
      document.removeEventListener("visibilitychange", looked);
      window.removeEventListener("online", again);
    };
  }, [channel, event]);
}
