/** The address that is left carries a code and a state: neither goes on to the next one, nor into a cache. */
export const seeOther = (location: string): Response =>
  new Response(null, { status: 303, headers: { Location: location, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store" } });
