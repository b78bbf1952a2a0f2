import { askAgain, deleteOrphans, deleteUnheld, giveUpHopeless, giveUpUploads, noteForgotten } from "@/lib/feed/media/sweeping/commands";
import { inngest } from "../client";

export const sweepMedia = inngest.createFunction(
  { id: "sweep-media", name: "Give up what never arrived and delete what nothing shows", triggers: [{ cron: "*/10 * * * *" }], concurrency: 1, retries: 2 },
  async ({ step }) => ({
    givenUp: await step.run("give up uploads", giveUpUploads),
    hopeless: await step.run("give up what cannot be prepared", giveUpHopeless),
    again: await step.run("ask again for what is late", askAgain),
    unheld: await step.run("delete what nothing shows", deleteUnheld),
    // What was put a second time while its URL still worked.
    orphans: (await step.run("delete what came in for nothing", () => deleteOrphans("incoming/"))).deleted,
  }),
);

/** Pages of a thousand keys that one run looks through; what lies behind them is looked at the next night. */
const pagesMax = 900;

export const sweepStorage = inngest.createFunction(
  { id: "sweep-storage", name: "Delete stored bytes that nothing speaks for", triggers: [{ cron: "41 4 * * *" }], concurrency: 1, retries: 2 },
  async ({ step }) => {
    const forgotten = await step.run("note what nothing shows", noteForgotten);
    let deleted = 0;
    let after: string | undefined;
    for (let page = 0; page < pagesMax; page += 1) {
      const from = after;
      const done = await step.run(`look at page ${page + 1}`, () => deleteOrphans("", from));
      deleted += done.deleted;
      if (done.next === null) break;
      after = done.next;
    }
    return { forgotten, deleted };
  },
);
