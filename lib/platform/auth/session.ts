import { cache } from "react";
import { cookies } from "next/headers";
import { and, eq, gt, sql } from "drizzle-orm";
import { clock } from "../clock";
import { asSystem } from "../db/client";
import { env } from "../env";
import { sessions, users } from "./tables";
import { hashSecret } from "./token-hash";

/** Who is signed in, across organizations. What they may do in one is a `Member` (lib/organizations/actor.ts). */
export interface SignedIn {
  sessionId: string;
  user: SessionUser;
}

export interface SessionUser {
  id: string;
  email: string;
  name: string | null;
  locale: string;
  timeZone: string;
  hourCycle: "auto" | "h12" | "h23";
  weekStart: "auto" | "monday" | "sunday" | "saturday";
}

/** A session ends after 30 days without use, and after 180 days in any case; the cookie lives as long as the longer of the two. */
const dayMs = 86_400_000;
export const sessionIdleMs = 30 * dayMs;
export const sessionLifeMs = 180 * dayMs;

/** Writing at every request would make each page view a write; the sessions page needs no better than this. */
const touchEveryMs = 5 * 60_000;

export const sessionCookieName = () =>
  env().APP_URL.startsWith("https://") ? "__Secure-next-auth.session-token" : "next-auth.session-token";

/** The session of the running request; one query a request however many components ask. */
export const currentSession = cache(async (): Promise<SignedIn | null> => {
  const token = (await cookies()).get(sessionCookieName())?.value;
  return token ? sessionOfToken(token) : null;
});

/** The session of a plain `Request`, for route handlers. */
export async function sessionOfRequest(request: Request): Promise<SignedIn | null> {
  const wanted = `${sessionCookieName()}=`;
  const pair = request.headers
    .get("cookie")
    ?.split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(wanted));
  return pair ? sessionOfToken(pair.slice(wanted.length)) : null;
}

export async function sessionOfToken(token: string): Promise<SignedIn | null> {
  const now = clock.now();
  return asSystem("authentication", async (tx) => {
    const [row] = await tx
      .select({
        sessionId: sessions.id,
        lastSeenAt: sessions.lastSeenAt,
        user: {
          id: users.id,
          email: users.email,
          name: users.name,
          locale: users.locale,
          timeZone: users.timeZone,
          hourCycle: users.hourCycle,
          weekStart: users.weekStart,
        },
      })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(eq(sessions.tokenHash, hashSecret(token)), gt(sessions.expiresAt, now)));
    if (!row) return null;
    if (now.getTime() - row.lastSeenAt.getTime() > touchEveryMs) {
      await tx
        .update(sessions)
        .set({ lastSeenAt: now, expiresAt: slidingExpiry(now) })
        .where(eq(sessions.id, row.sessionId));
    }
    return { sessionId: row.sessionId, user: row.user };
  });
}

const slidingExpiry = (now: Date) =>
  sql`least(${new Date(now.getTime() + sessionIdleMs).toISOString()}::timestamptz,
    ${sessions.createdAt} + make_interval(days => ${sessionLifeMs / dayMs}))`;
