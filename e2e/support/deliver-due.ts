import { setTimeout as pause } from "node:timers/promises";
import { subjects } from "@/inngest/subjects";
import { systemTenant } from "@/lib/platform/db/client";
import { hasten } from "@/lib/notifications/deliveries/commands";
import { dueDeliveries } from "@/lib/notifications/deliveries/queries";
import type { ChannelName } from "@/lib/notifications/inputs";
import { channelNames, channels } from "@/lib/notifications/registry";
import { deliver } from "@/lib/notifications/sending/commands";

/** Delivers what is due as the functions do, until it is killed. Ends with whoever started it. */
process.stdin.on("end", () => process.exit(0)).resume();
/** Waits between tries are shortened, so that a test of a minute sees many. */
const sleep = (milliseconds: number) => pause(milliseconds / 10);

async function once(channel: ChannelName): Promise<void> {
  // A few at a time: what a process holds when it is killed rests until its lease lapses.
  const due = await dueDeliveries(12, { channel });
  const outcomes = await Promise.all(
    due.map(({ organizationId, deliveryIds }) => deliver(systemTenant(organizationId), channels[channel], deliveryIds, subjects, { sleep })),
  );
  if (outcomes.some(({ recovered }) => recovered)) await hasten(channel);
}

process.stdout.write("ready\n");
await Promise.all(
  channelNames.map(async (channel) => {
    for (;;) {
      await once(channel).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
      await pause(20 + Math.random() * 80);
    }
  }),
);
