import type { Database, Tx } from "./database";
import { endRun, runEvents } from "./end-run";
import type { Registry } from "./registry";
import { startRun } from "./start-run";

/** What a person asked for cannot be done; the message is for them. */
export class ControlRefused extends Error {}

async function functionOf(tx: Tx, runId: string): Promise<string> {
  const [run] = await tx.sql<{ fn_id: string }[]>`select fn_id from run where id = ${runId}`;
  if (!run) throw new ControlRefused("there is no such run");
  return run.fn_id;
}

/** A new run from the events of an old one, past the gates that count events; throttle and concurrency still hold. */
export async function replayRun(database: Database, registry: Registry, runId: string): Promise<string> {
  return database.transact(async (tx) => {
    const fnId = await functionOf(tx, runId);
    const fn = registry.get(fnId);
    if (!fn) throw new ControlRefused(`function ${fnId} is not registered now`);
    const id = await startRun(tx, registry, { fn, events: await runEvents(tx, runId), cause: "replay", replayOf: runId });
    if (id === undefined) throw new ControlRefused("a run of this singleton is under way");
    return id;
  });
}

export async function cancelRun(database: Database, registry: Registry, runId: string): Promise<void> {
  await database.transact(async (tx) => {
    await functionOf(tx, runId);
    const done = await endRun(tx, registry, runId, { status: "cancelled", reason: "cancelled by hand" });
    if (!done) throw new ControlRefused("the run has ended already");
  });
}
