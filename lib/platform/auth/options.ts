import type { AuthOptions } from "next-auth";
import { env } from "../env";
import { Refused } from "../errors";
import { log } from "../log";
import { adapterFor, type SignInContext } from "./adapter";
import { vouchesForEmail } from "./provider-trust";
import { authProviders } from "./providers";
import { safeReturnTo } from "./return-to";
import { sessionLifeMs } from "./session";
import { newSessionToken } from "./sessions";
import { limitSignInMails } from "./sign-in-mail";

export interface AuthRequest extends SignInContext {
  clientAddress: string;
}

/** next-auth as we use it. Made for each request, because a session remembers the browser and a mail speaks the reader's language. */
export function authOptions(request: AuthRequest): AuthOptions {
  const settings = env();
  return {
    secret: settings.NEXTAUTH_SECRET,
    useSecureCookies: settings.APP_URL.startsWith("https://"),
    adapter: adapterFor(request),
    providers: authProviders(request.locale),
    session: { strategy: "database", maxAge: sessionLifeMs / 1000, generateSessionToken: newSessionToken },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in", verifyRequest: "/sign-in/check" },
    callbacks: {
      async signIn({ account, profile, email }) {
        if (email?.verificationRequest && account) return mayMail(account.providerAccountId, request.clientAddress);
        if (account?.type !== "oauth") return true;
        return vouchesForEmail(account.provider, { ...profile }, settings.AZURE_AD_TENANT_ID) || "/sign-in?error=EmailUnproven";
      },
      redirect: ({ url, baseUrl }) => `${baseUrl}${safeReturnTo(url)}`,
      session: ({ session, user }) => ({ expires: session.expires, user: { name: user.name, email: user.email } }),
    },
    logger: {
      error: (code, metadata) => log.error("next-auth", { code, reason: describe(metadata) }),
      warn: (code) => log.warn("next-auth", { code }),
      debug: () => undefined,
    },
  };
}

/** next-auth knows no refusals: it redirects to what this returns. */
async function mayMail(address: string, clientAddress: string): Promise<true | string> {
  try {
    await limitSignInMails(address, clientAddress);
    return true;
  } catch (error) {
    if (error instanceof Refused) return `/sign-in?error=${error.code}`;
    throw error;
  }
}

function describe(metadata: unknown): string {
  if (metadata instanceof Error) return metadata.stack ?? metadata.message;
  if (typeof metadata === "object" && metadata !== null && "error" in metadata) return describe(metadata.error);
  return String(metadata);
}
