import { handleReports } from "@/lib/notifications/addresses/commands";
import { mailReported } from "@/lib/notifications/events";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { inngest } from "../client";

/** Bounces and complaints. The event only wakes it; the minute finds what no event told of and what came before its delivery was recorded. */
export const handleMailReports = inngest.createFunction(
  {
    id: "handle-mail-reports",
    name: "Handle what the mail provider reports",
    triggers: [{ event: mailReported.name }, { cron: "* * * * *" }],
    concurrency: 1,
    retries: 3,
  },
  async () => {
    const outcome = await handleReports();
    // Members hear of a stopped address by the outbox.
    if (outcome.stopped.length > 0) await pokeRelay();
    return { ...outcome, stopped: outcome.stopped.length };
  },
);
