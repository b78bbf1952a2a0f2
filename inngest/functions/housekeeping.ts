import { tidy } from "@/lib/platform/housekeeping";
import { forgetReports } from "@/lib/notifications/addresses/commands";
import { forgetUnusedGrants } from "@/lib/integrations/credentials/upkeep/commands";
import { forgetStates } from "@/lib/integrations/grants/commands";
import { forgetSights } from "@/lib/integrations/people/sights/commands";
import { resealSecrets } from "@/lib/integrations/sealing/commands";
import { forgetOutgoing } from "@/lib/integrations/outgoing/retention/commands";
import { forgetWebhooks } from "@/lib/integrations/ingest/retention/commands";
import { inngest } from "../client";

export const housekeeping = inngest.createFunction(
  { id: "housekeeping", name: "Throw away what is over", triggers: [{ cron: "17 3 * * *" }], concurrency: 1, retries: 2 },
  async ({ step }) => ({
    ...(await step.run("tidy", tidy)),
    reports: await step.run("forget reports about mails", forgetReports),
    consents: await step.run("forget consents that came to nothing", forgetStates),
    sights: await step.run("forget what nobody believes any more", forgetSights),
    grants: await step.run("forget unused grants", forgetUnusedGrants),
    webhooks: await step.run("forget old inbound webhooks", forgetWebhooks),
    outgoing: await step.run("forget settled deliveries to endpoints", forgetOutgoing),
    resealed: await step.run("seal anew what an old key sealed", resealSecrets),
  }),
);
