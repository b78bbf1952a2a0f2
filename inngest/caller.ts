import { createHash, timingSafeEqual } from "node:crypto";
import { env } from "@/lib/platform/env";

/**
 * The SDK proves hosted Inngest by its signature, and nobody at all when INNGEST_DEV is set. An engine on this machine proves
 * itself by a secret that both were started with: the port may be open to a network.
 */
export function fromKnownCaller(headers: Pick<Headers, "get">): boolean {
  const secret = env().INNGEST_CALLER_SECRET;
  return secret === undefined || timingSafeEqual(digest(headers.get("authorization") ?? ""), digest(`Bearer ${secret}`));
}

const digest = (text: string) => createHash("sha256").update(text).digest();
