import type { Limits } from "./limits";

export interface ChannelKind {
  access: "public" | "private" | "presence" | "user";
  encrypted: boolean;
  cache: boolean;
}

const userPrefix = "#server-to-user-";
const allowed = /^[A-Za-z0-9_\-=@,.;]+$/;

/** The kind is in the prefix alone; the longest prefix wins. */
export function channelKind(name: string): ChannelKind {
  if (name.startsWith(userPrefix)) return { access: "user", encrypted: false, cache: false };
  if (name.startsWith("presence-")) {
    return { access: "presence", encrypted: false, cache: name.startsWith("presence-cache-") };
  }
  if (name.startsWith("private-encrypted-")) {
    return { access: "private", encrypted: true, cache: name.startsWith("private-encrypted-cache-") };
  }
  if (name.startsWith("private-")) {
    return { access: "private", encrypted: false, cache: name.startsWith("private-cache-") };
  }
  return { access: "public", encrypted: false, cache: name.startsWith("cache-") };
}

/** The user whose private line this channel is, if it is one. */
export function userOfChannel(name: string): string | undefined {
  return name.startsWith(userPrefix) ? name.slice(userPrefix.length) : undefined;
}

export function isChannelName(name: unknown, limits: Limits): name is string {
  if (typeof name !== "string") return false;
  const user = userOfChannel(name);
  // A user id is free text: it is bounded as an id, not as a channel name.
  if (user !== undefined) return user.length > 0 && user.length <= limits.userIdLength;
  return name.length <= limits.channelNameLength && allowed.test(name);
}
