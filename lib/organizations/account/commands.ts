import { and, eq, isNull, ne } from "drizzle-orm";
import type { SignedIn } from "@/lib/platform/auth/session";
import { sessions, users } from "@/lib/platform/auth/tables";
import { acrossTenants, asUser, systemTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import { append } from "@/lib/platform/outbox/outbox";
import { parseInput } from "@/lib/platform/validation";
import { memberZoneChanged } from "../events";
import { members } from "../tables";
import { profileInput, type ProfileInput } from "./inputs";

/** What a person sets for themselves; it holds in every organization they are in. */
export async function changeProfile({ user }: SignedIn, input: ProfileInput): Promise<void> {
  const profile = parseInput(profileInput, input);
  await asUser(user.id, async (tx) => {
    const [before] = await tx.select({ timeZone: users.timeZone }).from(users).where(eq(users.id, user.id)).for("update");
    await tx.update(users).set(profile).where(eq(users.id, user.id));
    if (before && before.timeZone !== profile.timeZone) await announceZone(tx, user.id);
  });
}

/** Whatever goes by this person's clock, in any of their organizations, has to hear of it. */
async function announceZone(tx: Tx, userId: string): Promise<void> {
  const memberships = await tx
    .select({ id: members.id, organizationId: members.organizationId })
    .from(members)
    .where(and(eq(members.userId, userId), isNull(members.removedAt)));
  await acrossTenants(tx, "profile", async () => {
    for (const { id, organizationId } of memberships) await append(tx, systemTenant(organizationId), memberZoneChanged, { member: { id } });
  });
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
