import { and, eq, gt } from "drizzle-orm";
import type { Adapter, AdapterAccount, AdapterUser } from "next-auth/adapters";
import { clock } from "../clock";
import { asSystem } from "../db/client";
import type { Locale } from "../i18n/locales";
import { sessionLifeMs } from "./session";
import { closeSession, openSession } from "./sessions";
import { storeEmailToken } from "./sign-in-link";
import { accounts, sessions, users, verificationTokens } from "./tables";
import { hashSecret } from "./token-hash";

/** What the request that signs in tells about a new person or session. */
export interface SignInContext {
  userAgent: string | null;
  locale: Locale;
  /** The session this browser had until now. */
  previousToken: string | undefined;
}

const adapterUser = { id: users.id, email: users.email, emailVerified: users.emailVerified, name: users.name, image: users.image };

const system = <T>(work: Parameters<typeof asSystem<T>>[1]) => asSystem("authentication", work);

/**
 * next-auth over our own tables: tokens are stored as hashes, sessions slide in the database, and every road by which a person is
 * made has proven their address (an e-mail link, or a provider that vouches for it: `provider-trust.ts`).
 */
export function adapterFor(context: SignInContext): Required<Omit<Adapter, "deleteUser" | "unlinkAccount">> {
  return {
    async createUser(user: Omit<AdapterUser, "id">) {
      const email = user.email.trim().toLowerCase();
      const made = await system((tx) =>
        tx
          .insert(users)
          .values({ email, name: user.name ?? null, image: user.image ?? null, emailVerified: clock.now(), locale: context.locale })
          // Two links of one new person used at once: the second finds the person whom the first made.
          .onConflictDoUpdate({ target: users.email, set: { emailVerified: clock.now() } })
          .returning(adapterUser),
      );
      return one(made);
    },
    getUser: (id) => findUser(eq(users.id, id)),
    getUserByEmail: (email) => findUser(eq(users.email, email.trim().toLowerCase())),
    async getUserByAccount({ provider, providerAccountId }) {
      const [row] = await system((tx) =>
        tx
          .select(adapterUser)
          .from(accounts)
          .innerJoin(users, eq(users.id, accounts.userId))
          .where(and(eq(accounts.provider, provider), eq(accounts.providerAccountId, providerAccountId))),
      );
      return row ?? null;
    },
    /** Only the proof of the address is taken over: name and picture belong to the person, not to whom they sign in with. */
    async updateUser({ id }) {
      return one(await system((tx) => tx.update(users).set({ emailVerified: clock.now() }).where(eq(users.id, id)).returning(adapterUser)));
    },
    async linkAccount({ userId, provider, providerAccountId, type }: AdapterAccount) {
      await system((tx) => tx.insert(accounts).values({ userId, provider, providerAccountId, type }).onConflictDoNothing());
    },
    /** A browser has one session: the one it had ends here, which next-auth does only when both people were known before. */
    async createSession({ sessionToken, userId }) {
      if (context.previousToken) await closeSession(context.previousToken);
      const { cookieExpiresAt } = await openSession(userId, sessionToken, context.userAgent);
      return { sessionToken, userId, expires: cookieExpiresAt };
    },
    async getSessionAndUser(sessionToken) {
      const [row] = await system((tx) =>
        tx
          .select({ userId: sessions.userId, createdAt: sessions.createdAt, user: adapterUser })
          .from(sessions)
          .innerJoin(users, eq(users.id, sessions.userId))
          .where(and(eq(sessions.tokenHash, hashSecret(sessionToken)), gt(sessions.expiresAt, clock.now()))),
      );
      if (!row) return null;
      const expires = new Date(row.createdAt.getTime() + sessionLifeMs);
      return { session: { sessionToken, userId: row.userId, expires }, user: row.user };
    },
    /** Sessions slide where they are read (`session.ts`); next-auth's own renewal has nothing to add. */
    updateSession: () => null,
    deleteSession: (sessionToken) => closeSession(sessionToken),
    async createVerificationToken({ identifier, token, expires }) {
      await storeEmailToken(identifier, token, expires);
      return { identifier, token, expires };
    },
    /** Deleting is the proof of use: of two requests with one link only one gets the row back. */
    async useVerificationToken({ identifier, token }) {
      if (!identifier) return null;
      const [used] = await system((tx) =>
        tx
          .delete(verificationTokens)
          .where(and(eq(verificationTokens.identifier, identifier), eq(verificationTokens.token, token)))
          .returning(),
      );
      return used ? { identifier: used.identifier, token: used.token, expires: used.expiresAt } : null;
    },
  };
}

async function findUser(condition: ReturnType<typeof eq>): Promise<AdapterUser | null> {
  const [row] = await system((tx) => tx.select(adapterUser).from(users).where(condition));
  return row ?? null;
}

function one(rows: AdapterUser[]): AdapterUser {
  const [row] = rows;
  if (!row) throw new Error("The person vanished while signing in.");
  return row;
}
