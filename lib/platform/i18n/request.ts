import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { isLocale, localeCookie, negotiateLocale, type Locale } from "./locales";
import { messagesOf } from "./messages";

export default getRequestConfig(async () => {
  const locale = await requestLocale();
  // Times are shown through `formats.ts` in the viewer's own zone; this one only keeps next-intl from guessing the server's.
  return { locale, messages: await messagesOf(locale), timeZone: "UTC" };
});

/** What the person asked for beats what their browser says. */
async function requestLocale(): Promise<Locale> {
  const chosen = (await cookies()).get(localeCookie)?.value;
  return isLocale(chosen) ? chosen : negotiateLocale((await headers()).get("accept-language"));
}
