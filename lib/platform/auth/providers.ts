import AzureADProvider from "next-auth/providers/azure-ad";
import GitHubProvider from "next-auth/providers/github";
import GoogleProvider from "next-auth/providers/google";
import type { AuthOptions } from "next-auth";
import { env } from "../env";
import type { Locale } from "../i18n/locales";
import { safeReturnTo } from "./return-to";
import { confirmUrl, signInLinkSeconds } from "./sign-in-link";
import { sendSignInMail } from "./sign-in-mail";

type Provider = AuthOptions["providers"][number];
export type OAuthProvider = "github" | "google" | "azure-ad";

interface Offer {
  id: OAuthProvider;
  name: string;
  /** Where the browser is sent; the page's policy must let a form lead there. */
  origin: string;
}

/** The providers whose keys are set, in the order of the buttons. */
export function offeredProviders(): Offer[] {
  const settings = env();
  const offers: (Offer & { configured: boolean })[] = [
    { id: "google", name: "Google", origin: "https://accounts.google.com", configured: Boolean(settings.GOOGLE_ID && settings.GOOGLE_SECRET) },
    { id: "github", name: "GitHub", origin: "https://github.com", configured: Boolean(settings.GITHUB_ID && settings.GITHUB_SECRET) },
    {
      id: "azure-ad",
      name: "Microsoft",
      origin: "https://login.microsoftonline.com",
      configured: Boolean(settings.AZURE_AD_CLIENT_ID && settings.AZURE_AD_CLIENT_SECRET),
    },
  ];
  return offers.filter(({ configured }) => configured).map(({ id, name, origin }) => ({ id, name, origin }));
}

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
