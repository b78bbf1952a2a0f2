import { and, desc, eq, gt } from "drizzle-orm";
import type { SignedIn } from "@/lib/platform/auth/session";
import { sessions } from "@/lib/platform/auth/tables";
import { clock } from "@/lib/platform/clock";
import { asUser } from "@/lib/platform/db/client";

export interface SessionSummary {
  id: string;
  isCurrent: boolean;
  userAgent: string | null;
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
    .map((row) => ({ ...row, isCurrent: row.id === sessionId }))
    .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
}
