import { z } from "zod";
import type { Tx } from "./database";
import { insertInternalEvent } from "./event";
import { withinRateLimit } from "./flow/rate-limit";
import type { Op } from "./outcome";
import { errorText, INVOKED } from "./protocol";
import type { Registry, RegisteredFunction } from "./registry";
import { resolveSteps } from "./resolve-steps";
import { startRun } from "./start-run";

const optionsSchema = z.object({
  function_id: z.string(),
  payload: z.object({ data: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

/** Starts the invoked function; its end resolves the step. A call that starts nothing fails the step, which says why. */
export async function invoke(tx: Tx, registry: Registry, run: { id: string; fnId: string }, op: Op): Promise<void> {
  const fail = (message: string) =>
    resolveSteps(tx, [{ runId: run.id, stepId: op.id, error: errorText("Error", message) }]);
  const options = optionsSchema.safeParse(op.opts);
  if (!options.success) return fail("the invocation is not understood");
  const fn = registry.get(options.data.function_id);
  if (!fn) return fail(`could not find function with ID: ${options.data.function_id}`);
  const child = await startChild(tx, registry, fn, run, op.id, options.data.payload?.data ?? {});
  if (child === undefined) return fail(`function ${fn.id} was not started: its rate limit or a singleton under way keeps it out`);
  await tx.sql`update step set child_run = ${child} where run_id = ${run.id} and id = ${op.id}`;
}

async function startChild(
  tx: Tx,
  registry: Registry,
  fn: RegisteredFunction,
  parent: { id: string; fnId: string },
  stepId: string,
  given: Record<string, unknown>,
): Promise<string | undefined> {
  const data = {
    ...given,
    _inngest: { fn_id: fn.id, source_fn_id: parent.fnId, correlation_id: `${parent.id}.${stepId}` },
  };
  const event = await insertInternalEvent(tx, { name: INVOKED, data, matched: true });
  if (!(await withinRateLimit(tx, fn, event.payload))) return undefined;
  return startRun(tx, registry, { fn, events: [event], cause: "invoke", parent: { runId: parent.id, stepId } });
}
