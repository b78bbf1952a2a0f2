import { readAddress } from "@/lib/feed/document/addresses/inputs";

const bareHost = /^[^\s/@:]+\.[\p{L}]{2,}(?:[:/?#]|$)/u;
const bareMail = /^[^\s@/:]+@[^\s@/]+\.[\p{L}]{2,}$/u;

/** What somebody types or pastes as the target of a link, as it may be stored; null when it is none. `moim.example/x` means https. */
export function linkAddress(text: string): string | null {
  const typed = text.trim();
  if (/\s/.test(typed)) return null;
  if (bareMail.test(typed)) return readAddress(`mailto:${typed}`);
  return readAddress(bareHost.test(typed) ? `https://${typed}` : typed);
}
