/** The address that is left carries a code and a state, which no cache may keep. */
export const seeOther = (location: string): Response => new Response(null, { status: 303, headers: { Location: location, "Cache-Control": "no-store" } });
