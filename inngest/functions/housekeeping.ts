import { tidy } from "@/lib/platform/housekeeping";
import { forgetReports } from "@/lib/notifications/addresses/commands";
import { inngest } from "../client";

export const housekeeping = inngest.createFunction(
  { id: "housekeeping", name: "Throw away what is over", triggers: [{ cron: "17 3 * * *" }], concurrency: 1, retries: 2 },
  async ({ step }) => ({ ...(await step.run("tidy", tidy)), reports: await step.run("forget reports about mails", forgetReports) }),
);
