import { and, eq, ne } from "drizzle-orm";
import type { SignedIn } from "@/lib/platform/auth/session";
import { sessions, users } from "@/lib/platform/auth/tables";
import { asUser } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/validation";
import { profileInput, type ProfileInput } from "./inputs";

/** What a person sets for themselves; it holds in every organization they are in. */
export async function changeProfile({ user }: SignedIn, input: ProfileInput): Promise<void> {
  const profile = parseInput(profileInput, input);
  await asUser(user.id, (tx) => tx.update(users).set(profile).where(eq(users.id, user.id)));
}

/** Signs one browser out, the asking one included. @throws Refused NOT_FOUND unless it is the person's own. */
export async function revokeSession({ user }: SignedIn, sessionId: string): Promise<void> {
  const ended = await asUser(user.id, (tx) =>
    tx
      .delete(sessions)
      .where(and(eq(sessions.userId, user.id), eq(sessions.id, sessionId)))
      .returning({ id: sessions.id }),
  );
  if (ended.length === 0) throw new Refused("NOT_FOUND");
}

/** Signs every other browser out. @returns how many there were. */
export async function revokeOtherSessions({ user, sessionId }: SignedIn): Promise<number> {
  const ended = await asUser(user.id, (tx) =>
    tx
      .delete(sessions)
      .where(and(eq(sessions.userId, user.id), ne(sessions.id, sessionId)))
      .returning({ id: sessions.id }),
  );
  return ended.length;
}
