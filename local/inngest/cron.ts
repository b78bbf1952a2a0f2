import { randomInt } from "node:crypto";
import { latestTick, nextTick } from "./cron-expression";
import { at, type Tx } from "./database";
import { durationMs } from "./duration";
import { insertInternalEvent } from "./event";
import { SCHEDULED } from "./protocol";
import type { Registry, RegisteredFunction } from "./registry";
import { startRun } from "./start-run";

function next(fn: RegisteredFunction, cron: string, after: number): { tickAt: Date; dueAt: Date } {
  const jitter = fn.crons.find((trigger) => trigger.cron === cron)?.jitter;
  const tick = nextTick(cron, after);
  const jitterMs = jitter ? randomInt((durationMs(jitter) ?? 0) + 1) : 0;
  return { tickAt: at(tick), dueAt: at(tick + jitterMs) };
}

/** Brings the kept schedules in line with the registered ones; a schedule that stays keeps its next tick. */
export async function alignCrons(tx: Tx, registry: Registry): Promise<void> {
  const wanted = registry.all().flatMap((fn) => fn.crons.map(({ cron }) => ({ fn, cron })));
  await tx.sql`
    delete from cron where (fn_id, expression) not in (
      select * from unnest(${wanted.map(({ fn }) => fn.id)}::text[], ${wanted.map(({ cron }) => cron)}::text[])
    )`;
  for (const { fn, cron } of wanted) {
    const { tickAt, dueAt } = next(fn, cron, tx.now);
    await tx.sql`
      insert into cron (fn_id, expression, tick_at, due_at) values (${fn.id}, ${cron}, ${tickAt}, ${dueAt})
      on conflict do nothing`;
  }
  tx.pokes.add("timers");
}

/** Starts what is due. Ticks that were missed while no engine ran become one run, of the newest of them. */
export async function runDueCrons(tx: Tx, registry: Registry): Promise<void> {
  const rows = await tx.sql<{ fn_id: string; expression: string; tick_at: Date }[]>`
    select fn_id, expression, tick_at from cron where due_at <= ${at(tx.now)} order by due_at for update`;
  for (const row of rows) {
    const fn = registry.get(row.fn_id);
    if (!fn) continue;
    const tick = Math.max(row.tick_at.getTime(), latestTick(row.expression, tx.now));
    const scheduledAt = at(tick).toISOString();
    const event = await insertInternalEvent(tx, {
      id: scheduledAt,
      name: SCHEDULED,
      data: { cron: row.expression, scheduledAt, fireAt: at(tx.now).toISOString() },
      matched: true,
    });
    await startRun(tx, registry, { fn, events: [event], cause: "cron" });
    const { tickAt, dueAt } = next(fn, row.expression, tx.now);
    await tx.sql`
      update cron set tick_at = ${tickAt}, due_at = ${dueAt} where fn_id = ${row.fn_id} and expression = ${row.expression}`;
  }
}
