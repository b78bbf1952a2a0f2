import { pokeRelay } from "@/lib/platform/outbox/poke";
import { remindOfAllDue } from "@/lib/feed/must-reads/commands";
import { inngest } from "../client";

/** A day before a must-read is due, who has not said that they read it is reminded. */
export const remindReaders = inngest.createFunction(
  { id: "remind-readers", name: "Remind readers of what falls due", triggers: [{ cron: "* * * * *" }], concurrency: 1, retries: 2 },
  async ({ step }) => {
    const articles = await step.run("remind", remindOfAllDue);
    if (articles > 0) await pokeRelay();
    return { articles };
  },
);
