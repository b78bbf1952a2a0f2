import { tidy } from "@/lib/platform/housekeeping";
import { forgetReports } from "@/lib/notifications/addresses/commands";
import { forgetUnusedGrants } from "@/lib/integrations/credentials/upkeep/commands";
import { forgetStates } from "@/lib/integrations/grants/commands";
import { resealSecrets } from "@/lib/integrations/sealing/commands";
import { inngest } from "../client";

export const housekeeping = inngest.createFunction(
  { id: "housekeeping", name: "Throw away what is over", triggers: [{ cron: "17 3 * * *" }], concurrency: 1, retries: 2 },
  async ({ step }) => ({
    ...(await step.run("tidy", tidy)),
    reports: await step.run("forget reports about mails", forgetReports),
    consents: await step.run("forget consents that came to nothing", forgetStates),
    grants: await step.run("forget unused grants", forgetUnusedGrants),
    resealed: await step.run("seal anew what an old key sealed", resealSecrets),
  }),
);
