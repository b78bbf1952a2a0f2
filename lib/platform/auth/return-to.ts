import { env } from "../env";

/** Where to go after signing in: only ever a path of our own, so that a crafted link cannot send a fresh session elsewhere. */
export function safeReturnTo(wanted: string | null | undefined): string {
  const home = new URL(env().APP_URL);
  if (!wanted || !URL.canParse(wanted, home)) return "/";
  const url = new URL(wanted, home);
  if (url.origin !== home.origin) return "/";
  const path = `${url.pathname}${url.search}${url.hash}`;
  // A second slash would make it another host once it stands alone in a Location header.
  return /^\/(?![/\\])/.test(path) ? path : "/";
}
