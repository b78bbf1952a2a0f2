import { breakers } from "@/lib/platform/breaker";
import { freshFor } from "@/lib/platform/fresh-for";
import { assertDatabase, outboxHealth, probe } from "@/lib/platform/health";
import { pingMail } from "@/lib/platform/mail";
import { mayReadMetrics } from "@/lib/platform/metrics";
import { pingRealtime } from "@/lib/platform/realtime";
import { isStorageSetUp, pingStorage } from "@/lib/platform/storage";
import { pingInngest } from "@/inngest/ping";
import { overdueReminders } from "@/lib/meetings/reminders/queries";

export const dynamic = "force-dynamic";

const noStore = { "Cache-Control": "no-store" };

/** Anybody may ask, so asking costs the engines nothing more than every two seconds. */
const findings = freshFor(2_000, async () => {
  const [postgres, inngest, pusher, mail, storage] = await Promise.all([
    probe(assertDatabase),
    probe(pingInngest),
    probe(pingRealtime),
    probe(pingMail),
    // Without a bucket nothing can be uploaded, and nothing is wrong.
    isStorageSetUp() ? probe(pingStorage) : null,
  ]);
  const engines = { postgres, inngest, pusher, mail, ...(storage && { storage }) };
  if (!postgres.ok) return { status: "unavailable", engines };
  const [outbox, overdue] = await Promise.all([outboxHealth(), overdueReminders()]);
  const providers = Object.fromEntries([...breakers()].map(([name, breaker]) => [name, breaker.state()]));
  const well =
    Object.values(engines).every((engine) => engine.ok) && Object.values(providers).every((state) => state === "closed") && outbox.parked === 0 && overdue === 0;
  return { status: well ? "ready" : "degraded", engines, providers, outbox, overdueReminders: overdue };
});

/**
 * Liveness (`?live`) and readiness. Without its database the application cannot work: 503. Without another engine it works and
 * catches up later: 200, with status `degraded`. Why something is not well is for whoever carries the metrics token: the words of an
 * engine name hosts and roles.
 */
export async function GET(request: Request): Promise<Response> {
  if (new URL(request.url).searchParams.has("live")) return Response.json({ status: "live" }, { headers: noStore });
  const found = await findings();
  const shown = mayReadMetrics(request.headers) ? found : { status: found.status, engines: okOf(found.engines) };
  return Response.json(shown, { status: found.status === "unavailable" ? 503 : 200, headers: noStore });
}

const okOf = (engines: Record<string, { ok: boolean }>) => Object.fromEntries(Object.entries(engines).map(([name, { ok }]) => [name, { ok }]));
