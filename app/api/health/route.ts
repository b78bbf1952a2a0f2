import { assertDatabase, outboxHealth, probe } from "@/lib/platform/health";
import { pingMail } from "@/lib/platform/mail";
import { pingRealtime } from "@/lib/platform/realtime";
import { pingInngest } from "@/inngest/ping";
import { overdueReminders } from "@/lib/meetings/reminders/queries";

export const dynamic = "force-dynamic";

const noStore = { "Cache-Control": "no-store" };

/**
 * Liveness (`?live`) and readiness. Without its database the application cannot work: 503. Without another engine it works and
 * catches up later: 200, with status `degraded`.
 */
export async function GET(request: Request): Promise<Response> {
  if (new URL(request.url).searchParams.has("live")) return Response.json({ status: "live" }, { headers: noStore });
  const [postgres, inngest, pusher, mail] = await Promise.all([probe(assertDatabase), probe(pingInngest), probe(pingRealtime), probe(pingMail)]);
  const engines = { postgres, inngest, pusher, mail };
  if (!postgres.ok) return Response.json({ status: "unavailable", engines }, { status: 503, headers: noStore });
  const [outbox, overdue] = await Promise.all([outboxHealth(), overdueReminders()]);
  const well = Object.values(engines).every((engine) => engine.ok) && outbox.parked === 0 && overdue === 0;
  return Response.json({ status: well ? "ready" : "degraded", engines, outbox, overdueReminders: overdue }, { headers: noStore });
}
