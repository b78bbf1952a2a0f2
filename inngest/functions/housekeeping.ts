import { tidy } from "@/lib/platform/housekeeping";
import { inngest } from "../client";

export const housekeeping = inngest.createFunction(
  { id: "housekeeping", name: "Throw away what is over", triggers: [{ cron: "17 3 * * *" }], concurrency: 1, retries: 2 },
  ({ step }) => step.run("tidy", tidy),
);
