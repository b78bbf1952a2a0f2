import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { clock } from "../clock";
import { asSystem, asUser } from "../db/client";
import { newId } from "../ids";
import { sessionIdleMs, sessionLifeMs } from "./session";
import { sessions } from "./tables";
import { hashSecret } from "./token-hash";

export const newSessionToken = () => randomBytes(32).toString("base64url");

const userAgentMax = 400;

/** @returns when the cookie should end; the session itself ends earlier if it is not used. */
export async function openSession(userId: string, token: string, userAgent: string | null): Promise<{ cookieExpiresAt: Date }> {
  const now = clock.now();
  await asUser(userId, (tx) =>
    tx.insert(sessions).values({
      id: newId("session"),
      tokenHash: hashSecret(token),
      userId,
      userAgent: userAgent?.slice(0, userAgentMax) ?? null,
      expiresAt: new Date(now.getTime() + sessionIdleMs),
      lastSeenAt: now,
      createdAt: now,
    }),
  );
  return { cookieExpiresAt: new Date(now.getTime() + sessionLifeMs) };
}

export async function closeSession(token: string): Promise<void> {
  await asSystem("authentication", (tx) => tx.delete(sessions).where(eq(sessions.tokenHash, hashSecret(token))));
}
