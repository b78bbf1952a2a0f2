import { readMailReport } from "@/lib/platform/mail";
import { readBytes, route } from "@/lib/platform/route";
import { keepReport } from "@/lib/notifications/addresses/commands";

/** Where Resend reports what became of mails: verified over the raw bytes, stored, answered at once, handled later. */
export const POST = route(
  async (request) => Response.json({ report: await keepReport(readMailReport(await readBytes(request), request.headers)) }),
  { signed: true },
);
