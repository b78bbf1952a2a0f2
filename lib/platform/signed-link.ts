import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { clock } from "./clock";
import { env } from "./env";
import { Refused } from "./errors";

/** What a link in a mail may be good for. Each purpose has its own derived key, so one link can never serve for another. */
export type LinkPurpose = "rsvp" | "join" | "unsubscribe" | "mute";

const envelope = z.object({ s: z.string().max(600), g: z.number().int(), x: z.number().int() });

/** `subject` says what the link speaks for, mostly an id; `generation` lets a newer link retire the older ones; `expiresAt` ends it anyway. */
export interface LinkClaims {
  subject: string;
  generation: number;
  expiresAt: Date;
}

export function signLink(purpose: LinkPurpose, claims: LinkClaims): string {
  const body = Buffer.from(
    JSON.stringify({ s: claims.subject, g: claims.generation, x: Math.floor(claims.expiresAt.getTime() / 1000) }),
  ).toString("base64url");
  return `${body}.${mac(purpose, body).toString("base64url")}`;
}

/** @throws Refused LINK_INVALID when altered or meant for something else, LINK_EXPIRED when its time is over. */
export function readLink(purpose: LinkPurpose, token: string): LinkClaims {
  const [body, signature, ...rest] = token.split(".");
  if (!body || !signature || rest.length > 0) throw new Refused("LINK_INVALID");
  // Compared as text: the last base64url character has spare bits, and a link is valid in exactly one spelling.
  const given = Buffer.from(signature);
  const expected = Buffer.from(mac(purpose, body).toString("base64url"));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Refused("LINK_INVALID");
  const claims = envelope.parse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
  const expiresAt = new Date(claims.x * 1000);
  if (expiresAt <= clock.now()) throw new Refused("LINK_EXPIRED");
  return { subject: claims.s, generation: claims.g, expiresAt };
}

function mac(purpose: LinkPurpose, body: string): Buffer {
  const key = Buffer.from(hkdfSync("sha256", env().LINK_SECRET, "moim", `link:${purpose}`, 32));
  return createHmac("sha256", key).update(body).digest();
}
