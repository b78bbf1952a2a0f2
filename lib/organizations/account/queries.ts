import { and, desc, eq, gt } from "drizzle-orm";
import type { SignedIn } from "@/lib/platform/auth/session";
import { sessions } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asUser } from "@/lib/platform/db/client";
import { browserName } from "@/lib/platform/browser-name";

export interface SessionSummary {
  id: string;
  isCurrent: boolean;
  /** As people call them; null where nothing is recognized. */
  browser: string | null;
  system: string | null;
  createdAt: Date;
  lastSeenAt: Date;
}

/** The browsers a person is signed in with, the asking one first. */
export async function mySessions({ user, sessionId }: SignedIn): Promise<SessionSummary[]> {
  const rows = await asUser(user.id, (tx) =>
    tx
      .select({ id: sessions.id, userAgent: sessions.userAgent, createdAt: sessions.createdAt, lastSeenAt: sessions.lastSeenAt })
      .from(sessions)
      .where(and(eq(sessions.userId, user.id), gt(sessions.expiresAt, clock.now())))
      .orderBy(desc(sessions.lastSeenAt)),
  );
  return rows
    .map(({ userAgent, ...row }) => ({ ...row, ...browserName(userAgent), isCurrent: row.id === sessionId }))
    .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
}
