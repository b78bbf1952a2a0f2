import type { Database } from "./database";
import { resolveSteps } from "./resolve-steps";

/** Hands a signal to the step that waits for it; answers its run, or undefined when none waits. */
export async function sendSignal(database: Database, signal: string, data: unknown): Promise<string | undefined> {
  return database.transact(async (tx) => {
    const [step] = await tx.sql<{ run_id: string; id: string }[]>`
      select run_id, id from step where signal = ${signal} and status = 'pending'`;
    if (!step) return undefined;
    await resolveSteps(tx, [{ runId: step.run_id, stepId: step.id, output: JSON.stringify({ signal, data: data ?? null }) }]);
    return step.run_id;
  });
}
