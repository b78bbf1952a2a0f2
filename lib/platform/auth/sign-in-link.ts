import { randomBytes } from "node:crypto";
import { and, eq, gt, lt } from "drizzle-orm";
import { clock } from "../clock";
import { asSystem } from "../db/client";
import { env } from "../env";
import { verificationTokens } from "./tables";
import { hashEmailToken } from "./token-hash";

export const signInLinkSeconds = 24 * 60 * 60;

/**
 * A link that signs `email` in once, without sending it. It opens the confirm page, whose button posts to next-auth; opening the link
 * changes nothing, so that a mail scanner does not use it up.
 */
export async function createSignInLink(email: string, returnTo = "/"): Promise<string> {
  const token = randomBytes(32).toString("hex");
  const identifier = email.trim().toLowerCase();
  await storeEmailToken(identifier, hashEmailToken(token), new Date(clock.nowMs() + signInLinkSeconds * 1000));
  return confirmUrl({ token, email: identifier, callbackUrl: returnTo });
}

export function confirmUrl(query: { token: string; email: string; callbackUrl: string }): string {
  return `${env().APP_URL.replace(/\/$/, "")}/sign-in/confirm?${new URLSearchParams(query)}`;
}

/** Expired tokens of the same address leave on the way, so that the table needs no sweep to stay small for active people. */
export async function storeEmailToken(identifier: string, tokenHash: string, expiresAt: Date): Promise<void> {
  await asSystem("authentication", async (tx) => {
    await tx
      .delete(verificationTokens)
      .where(and(eq(verificationTokens.identifier, identifier), lt(verificationTokens.expiresAt, clock.now())));
    await tx.insert(verificationTokens).values({ identifier, token: tokenHash, expiresAt });
  });
}

/** Whether the link would still sign in; looking does not use it up. */
export async function signInLinkIsLive(email: string, token: string): Promise<boolean> {
  return asSystem("authentication", async (tx) => {
    const [row] = await tx
      .select({ identifier: verificationTokens.identifier })
      .from(verificationTokens)
      .where(
        and(
          eq(verificationTokens.identifier, email),
          eq(verificationTokens.token, hashEmailToken(token)),
          gt(verificationTokens.expiresAt, clock.now()),
        ),
      );
    return row !== undefined;
  });
}
