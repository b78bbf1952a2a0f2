import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { currentSession } from "../auth/session";
import { isLocale, localeCookie, negotiateLocale, toLocale, type Locale } from "./locales";
import { messagesOf } from "./messages";

export default getRequestConfig(async () => {
  const locale = await requestLocale();
  // Times are shown through `formats.ts` in the viewer's own zone; this one only keeps next-intl from guessing the server's.
  return { locale, messages: await messagesOf(locale), timeZone: "UTC" };
});

/** A person's own setting, then what this browser was asked for, then what it says. */
async function requestLocale(): Promise<Locale> {
  const session = await currentSession();
  if (session) return toLocale(session.user.locale);
  const chosen = (await cookies()).get(localeCookie)?.value;
  return isLocale(chosen) ? chosen : negotiateLocale((await headers()).get("accept-language"));
}
