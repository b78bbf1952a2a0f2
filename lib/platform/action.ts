import { after } from "next/server";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { Refused, type FieldFault } from "./errors";
import { idleForm, type FormState } from "./form-state";
import { newId } from "./ids";
import { log, withLogContext } from "./log";
import { pokeRelay } from "./outbox/poke";
import { parseInput } from "./validation";

/**
 * The one place where a server action's refusals are caught. `shape` turns the form into the schema's input (numbers, lists);
 * a redirect inside `work` passes through.
 */
export async function submitForm<Schema extends z.ZodType, Result>(
  form: FormData,
  schema: Schema,
  shape: (form: FormData) => unknown,
  work: (input: z.output<Schema>) => Promise<Result>,
): Promise<FormState<Result>> {
  return withLogContext({ requestId: newId("request") }, async () => {
    const values = valuesOf(form);
    try {
      const result = await work(parseInput(schema, shape(form)));
      after(pokeRelay);
      return { ...idleForm, status: "done", result };
    } catch (error) {
      if (isRedirect(error)) after(pokeRelay);
      unstable_rethrow(error);
      if (error instanceof Refused) {
        return { ...idleForm, status: "refused", values, fields: byField(error.fields), refusal: error.code, extra: error.extra };
      }
      log.error("action failed", { error });
      return { ...idleForm, status: "refused", values, refusal: "UNEXPECTED" };
    }
  });
}

const isRedirect = (error: unknown) =>
  typeof error === "object" && error !== null && "digest" in error && String(error.digest).startsWith("NEXT_REDIRECT");

/** What the person typed, by name, for a form that is shown again. */
export function valuesOf(form: FormData): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const name of new Set(form.keys())) {
    if (name.startsWith("$ACTION")) continue;
    const all = form.getAll(name).filter((value) => typeof value === "string");
    values[name] = all.length === 1 && all[0] !== undefined ? all[0] : all;
  }
  return values;
}

function byField(fields: FieldFault[]): Record<string, FieldFault[]> {
  const grouped: Record<string, FieldFault[]> = {};
  for (const fault of fields) {
    const name = String(fault.path[0] ?? "");
    (grouped[name] ??= []).push(fault);
  }
  return grouped;
}
