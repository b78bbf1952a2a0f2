import { inngest } from "../client";
import { relay } from "../send-outbox";

/** Takes what a poke missed: a process that died after its commit, or an engine that was away. */
export const relayOutboxSweep = inngest.createFunction(
  { id: "relay-outbox", name: "Relay the outbox", triggers: [{ cron: "* * * * *" }], concurrency: 1, retries: 0 },
  ({ step }) => step.run("relay", relay),
);
