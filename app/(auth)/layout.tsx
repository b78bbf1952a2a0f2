import type { Metadata } from "next";
import type { ReactNode } from "react";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";

/** These addresses carry one-time tokens: nothing that a page links to may learn them. */
export const metadata: Metadata = { referrer: "same-origin" };

export default function Layout({ children }: { children: ReactNode }) {
  return <ClientMessages namespaces={["auth"]}>{children}</ClientMessages>;
}
