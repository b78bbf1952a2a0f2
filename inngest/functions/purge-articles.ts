import { purgeArticles as purge } from "@/lib/feed/articles/retention/commands";
import { inngest } from "../client";

export const purgeArticles = inngest.createFunction(
  { id: "purge-articles", name: "Purge articles deleted a month ago", triggers: [{ cron: "41 3 * * *" }], concurrency: 1, retries: 2 },
  async ({ step }) => step.run("purge", purge),
);
