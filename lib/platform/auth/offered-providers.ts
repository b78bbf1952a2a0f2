import { env } from "../env";

export type OAuthProvider = "google" | "github" | "azure-ad";

export interface Offer {
  id: OAuthProvider;
  name: string;
  /** Where the browser is sent; the page's policy must let a form lead there. */
  origins: string[];
}

/** The providers whose keys are set, in the order of the buttons. */
export function offeredProviders(): Offer[] {
  const settings = env();
  const offers: (Offer & { configured: boolean })[] = [
    { id: "google", name: "Google", origins: ["https://accounts.google.com"], configured: Boolean(settings.GOOGLE_ID && settings.GOOGLE_SECRET) },
    { id: "github", name: "GitHub", origins: ["https://github.com"], configured: Boolean(settings.GITHUB_ID && settings.GITHUB_SECRET) },
    {
      id: "azure-ad",
      name: "Microsoft",
      origins: ["https://login.microsoftonline.com", "https://login.live.com"],
      configured: Boolean(settings.AZURE_AD_CLIENT_ID && settings.AZURE_AD_CLIENT_SECRET),
    },
  ];
  return offers.filter(({ configured }) => configured).map(({ id, name, origins }) => ({ id, name, origins }));
}
