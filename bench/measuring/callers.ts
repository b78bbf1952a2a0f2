import { distribution } from "./distribution";
import type { Load } from "./load";

/** `count` callers that each begin anew as soon as they are answered: for so many seconds, or so many calls in all. */
export async function callers(call: () => PromiseLike<unknown>, count: number, durationSeconds: number, callsMax = Infinity): Promise<Load> {
  const startedAt = performance.now();
  const until = startedAt + durationSeconds * 1000;
  const latencies: number[] = [];
  let begun = 0;
  let failed = 0;
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (performance.now() < until && begun < callsMax) {
        begun += 1;
        const from = performance.now();
        try {
          await call();
          latencies.push(performance.now() - from);
        } catch {
          failed += 1;
        }
      }
    }),
  );
  const { p50, p99 } = distribution(latencies);
  return { perSecond: (latencies.length / (performance.now() - startedAt)) * 1000, p50, p99, failed };
}
