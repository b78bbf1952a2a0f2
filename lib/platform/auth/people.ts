import { eq } from "drizzle-orm";
import { clock } from "../clock";
import { asSystem } from "../db/client";
import type { SessionUser } from "./session";
import { users } from "./tables";

export interface PersonDetails {
  name?: string | null;
  locale?: string;
  timeZone?: string;
}

const sessionUser = {
  id: users.id,
  email: users.email,
  name: users.name,
  locale: users.locale,
  timeZone: users.timeZone,
  hourCycle: users.hourCycle,
  weekStart: users.weekStart,
};

/**
 * The person with this address, made when new. The caller has proof of the address (a signed link, a verified provider, the demo
 * world). What an existing person has chosen for themselves is kept.
 */
export async function ensurePerson(email: string, details: PersonDetails = {}): Promise<SessionUser & { isNew: boolean }> {
  const address = email.trim().toLowerCase();
  return asSystem("authentication", async (tx) => {
    const [made] = await tx
      .insert(users)
      .values({ email: address, emailVerified: clock.now(), ...details })
      .onConflictDoNothing({ target: users.email })
      .returning(sessionUser);
    if (made) return { ...made, isNew: true };
    const [found] = await tx.update(users).set({ emailVerified: clock.now() }).where(eq(users.email, address)).returning(sessionUser);
    if (!found) throw new Error(`The person ${address} was removed while signing in.`);
    return { ...found, isNew: false };
  });
}

/** What we call somebody who has not told us their name yet. */
export const displayName = (person: { name: string | null; email: string }) => person.name?.trim() || person.email.split("@")[0] || person.email;
