import { fromString, TypeID, typeidUnboxed } from "typeid-js";

/** Prefix of every kind of identifier: a TypeID is `prefix_` plus a UUIDv7 in base 32, so ids sort by creation time. */
export const prefixes = {
  user: "usr",
  session: "ses",
  account: "acc",
  apiToken: "tok",
  organization: "org",
  workspace: "wsp",
  member: "mbr",
  invitation: "inv",
  meeting: "mtg",
  attendee: "att",
  reminder: "rem",
  event: "evt",
  notification: "ntf",
  receiver: "rcv",
  delivery: "dlv",
  attempt: "atp",
  device: "dev",
  template: "tpl",
  connection: "con",
  credential: "crd",
  person: "prs",
  inboundWebhook: "whk",
  webhookSecret: "whs",
  subscription: "sub",
  endpoint: "ept",
  outgoingDelivery: "odl",
  outgoingAttempt: "oat",
  feed: "fed",
  article: "art",
  comment: "cmt",
  media: "med",
  audit: "aud",
  request: "req",
} as const;

export type IdKind = keyof typeof prefixes;
export type Id<K extends IdKind> = `${(typeof prefixes)[K]}_${string}`;

export function newId<K extends IdKind>(kind: K): Id<K> {
  return typeidUnboxed(prefixes[kind]) as string as Id<K>;
}

/** The lowest identifier of `kind` that could be made at `at`: whatever sorts below it was made before (UUIDv7, RFC 9562 section 5.7). */
export function firstIdAt<K extends IdKind>(kind: K, at: Date): Id<K> {
  // What lies before 1970 or beyond 48 bits of milliseconds is asked for all the same: it is before or after every identifier.
  const time = Math.min(Math.max(0, at.getTime()), 2 ** 48 - 1).toString(16).padStart(12, "0");
  return TypeID.fromUUID(prefixes[kind] as string, `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`).toString() as Id<K>;
}

/** True when `value` is a well-formed identifier of `kind`; anything else must be treated as "does not exist". */
export function isId<K extends IdKind>(kind: K, value: unknown): value is Id<K> {
  if (typeof value !== "string") return false;
  try {
    fromString(value, prefixes[kind]);
    return true;
  } catch {
    return false;
  }
}
