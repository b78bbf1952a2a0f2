import { Refused } from "@/lib/platform/errors";
import { freshFor } from "@/lib/platform/fresh-for";
import { outboxHealth } from "@/lib/platform/health";
import { log } from "@/lib/platform/log";
import { mayReadMetrics, metrics } from "@/lib/platform/metrics";
import { route } from "@/lib/platform/route";
import { queueDepths } from "@/lib/notifications/deliveries/queries";

/** Several monitors, or one that asks often, are one question to the database. */
const waiting = freshFor(5_000, async () => {
  const [outbox, queues] = await Promise.all([outboxHealth(), queueDepths()]);
  return { outbox, queues };
});

/** What Prometheus reads (https://prometheus.io/docs/instrumenting/exposition_formats/). Without a database it still says how the process is. */
export const GET = route(async (request) => {
  if (!mayReadMetrics(request.headers)) throw new Refused("SIGNED_OUT");
  const { registry, outboxAge, outboxUnsent, outboxParked, queue, overdue } = metrics();
  for (const gauge of [outboxAge, outboxUnsent, outboxParked, queue, overdue]) gauge.reset();
  try {
    const { outbox, queues } = await waiting();
    outboxAge.set(outbox.oldestUnsentSeconds);
    outboxUnsent.set(outbox.unsent);
    outboxParked.set(outbox.parked);
    for (const { channel, state, deliveries, overdueSeconds } of queues) {
      queue.set({ channel, state }, deliveries);
      overdue.set({ channel }, overdueSeconds);
    }
  } catch (error) {
    for (const gauge of [outboxAge, outboxUnsent, outboxParked]) gauge.set(Number.NaN);
    log.warn("what waits could not be counted", { error });
  }
  return new Response(await registry.metrics(), { headers: { "Content-Type": registry.contentType } });
});
