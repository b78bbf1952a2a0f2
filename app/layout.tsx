import "@fontsource-variable/inter";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { ToastProvider } from "@/components/ui/toast";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";

export async function generateMetadata(): Promise<Metadata> {
  const product = (await getTranslations("common"))("product");
  return { title: { default: product, template: `%s · ${product}` }, robots: { index: false } };
}

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbfaf8" },
    { media: "(prefers-color-scheme: dark)", color: "#111518" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang={await getLocale()} suppressHydrationWarning>
      <head>
        {/* Before the first paint, so that neither the plain fallbacks nor the rich controls flash. */}
        <script
          nonce={nonce}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: 'document.documentElement.dataset.js=""' }}
        />
      </head>
      <body>
        <ClientMessages namespaces={[]}>
          <ToastProvider>{children}</ToastProvider>
        </ClientMessages>
      </body>
    </html>
  );
}
