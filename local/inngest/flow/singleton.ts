import type { Tx } from "../database";
import { endRun } from "../end-run";
import type { EventPayload } from "../event";
import { expression } from "../expression";
import type { Registry, RegisteredFunction } from "../registry";

/** The singleton's name for this run; null when the function is none; undefined when a run under way keeps this one out. */
export async function singletonKey(
  tx: Tx,
  registry: Registry,
  fn: RegisteredFunction,
  event: EventPayload,
): Promise<string | null | undefined> {
  const options = fn.config.singleton;
  if (!options) return null;
  const key = options.key ? expression(options.key, "event").key({ event }) : "";
  const [current] = await tx.sql<{ id: string }[]>`
    select id from run
    where fn_id = ${fn.id} and singleton_key = ${key} and status in ('queued', 'running') for update`;
  if (!current) return key;
  if (options.mode === "skip") return undefined;
  await endRun(tx, registry, current.id, { status: "cancelled", reason: "a newer run of this singleton has started" });
  return key;
}
