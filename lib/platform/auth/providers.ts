import AzureADProvider from "next-auth/providers/azure-ad";
import GitHubProvider from "next-auth/providers/github";
import GoogleProvider from "next-auth/providers/google";
import type { AuthOptions } from "next-auth";
import { env } from "../env";
import type { Locale } from "../i18n/locales";
import { offeredProviders, type OAuthProvider } from "./offered-providers";
import { safeReturnTo } from "./return-to";
import { confirmUrl, signInLinkSeconds } from "./sign-in-link";
import { sendSignInMail } from "./sign-in-mail";

type Provider = AuthOptions["providers"][number];

export function authProviders(locale: Locale): Provider[] {
  return [emailProvider(locale), ...offeredProviders().map(({ id }) => oauthProvider(id))];
}

type EmailProvider = Extract<Provider, { type: "email" }>;

/** Written out, because next-auth's own needs nodemailer and ours goes through Resend. */
function emailProvider(locale: Locale): EmailProvider {
  return {
    id: "email",
    type: "email",
    name: "Email",
    server: {},
    from: env().MAIL_FROM,
    maxAge: signInLinkSeconds,
    options: {},
    async sendVerificationRequest({ identifier, token, url }) {
      const returnTo = safeReturnTo(new URL(url).searchParams.get("callbackUrl"));
      await sendSignInMail(identifier, confirmUrl({ token, email: identifier, callbackUrl: returnTo }), locale);
    },
  };
}

/** `provider-trust.ts` has checked the address before next-auth links by it, which is what makes the linking safe. */
const linking = { allowDangerousEmailAccountLinking: true };

function oauthProvider(id: OAuthProvider): Provider {
  const settings = env();
  switch (id) {
    case "google":
      return GoogleProvider({ clientId: settings.GOOGLE_ID ?? "", clientSecret: settings.GOOGLE_SECRET ?? "", ...linking });
    case "github":
      return GitHubProvider({
        clientId: settings.GITHUB_ID ?? "",
        clientSecret: settings.GITHUB_SECRET ?? "",
        ...linking,
        userinfo: {
          url: "https://api.github.com/user",
          async request({ client, tokens }) {
            const profile = await client.userinfo(tokens.access_token ?? "");
            return { ...profile, ...(await gitHubEmail(tokens.access_token ?? "")) };
          },
        },
      });
    case "azure-ad":
      return AzureADProvider({
        clientId: settings.AZURE_AD_CLIENT_ID ?? "",
        clientSecret: settings.AZURE_AD_CLIENT_SECRET ?? "",
        tenantId: settings.AZURE_AD_TENANT_ID,
        ...linking,
        // The stock mapping fetches a photo that nothing here shows.
        profile: ({ sub, name, email }) => ({ id: sub, name, email, image: null }),
      });
  }
}

/** The primary address and whether GitHub verified it (https://docs.github.com/rest/users/emails). */
async function gitHubEmail(accessToken: string): Promise<{ email: string | undefined; email_verified: boolean }> {
  const response = await fetch("https://api.github.com/user/emails", {
    headers: { Authorization: `Bearer ${accessToken}`, Accept: "application/vnd.github+json" },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) return { email: undefined, email_verified: false };
  const emails = (await response.json()) as { email: string; primary: boolean; verified: boolean }[];
  const primary = emails.find((entry) => entry.primary);
  return { email: primary?.email, email_verified: primary?.verified === true };
}
