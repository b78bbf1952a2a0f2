import { NextIntlClientProvider } from "next-intl";
import { getLocale, getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import type { Namespace } from "./messages";

/** What every interactive part may need: labels of controls and the sentences of refusals. */
const always: Namespace[] = ["common", "faults", "refusals"];

/**
 * Hands messages to the client components below it. Namespaces are named where they are used, so that a page does not ship the
 * sentences of all others; an inner provider replaces the outer one.
 */
export async function ClientMessages({ namespaces, children }: { namespaces: Namespace[]; children: ReactNode }) {
  const messages = await getMessages();
  const wanted = Object.fromEntries([...always, ...namespaces].map((namespace) => [namespace, messages[namespace]]));
  return (
    <NextIntlClientProvider locale={await getLocale()} messages={wanted} timeZone="UTC">
      {children}
    </NextIntlClientProvider>
  );
}
