import { route } from "@/lib/platform/route";
import { leave } from "@/lib/notifications/leaving/commands";

/**
 * The address in `List-Unsubscribe` (RFC 8058). A mailbox provider posts here on its reader's behalf: without a cookie, from its own
 * site or none, and it follows no redirect. The token is the proof; the body says nothing more.
 */
export const POST = route<{ token: string }>(
  async (_request, { token }) => {
    await leave(token);
    return Response.json({ unsubscribed: true });
  },
  { signed: true },
);

/** Whoever opens it in a browser, or a scanner that opens every link, is only shown what it would do. */
export const GET = route<{ token: string }>(async (_request, { token }) =>
  Promise.resolve(new Response(null, { status: 303, headers: { Location: `/unsubscribe/${encodeURIComponent(token)}` } })),
);
