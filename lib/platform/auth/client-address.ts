/**
 * The address a request came from, for rate limits alone. Next writes the socket's address into X-Forwarded-For when no proxy has;
 * behind one, the last entry is the one that the nearest proxy saw, the only one a client cannot choose.
 */
export function clientAddress(headers: Headers): string {
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() || "unknown";
}
