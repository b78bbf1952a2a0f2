import type { FieldFault, RefusalCode } from "./errors";

/**
 * What a form gets back. `values` is what the person typed, so that nothing is lost when something is refused or JavaScript is off;
 * codes are translated where they are shown (`faults.*`, `refusals.*`).
 */
export interface FormState<Result = unknown> {
  status: "idle" | "done" | "refused";
  values: Record<string, string | string[]>;
  fields: Record<string, FieldFault[]>;
  refusal: RefusalCode | "UNEXPECTED" | null;
  extra: Record<string, unknown>;
  result: Result | null;
}

export const idleForm: FormState<never> = { status: "idle", values: {}, fields: {}, refusal: null, extra: {}, result: null };
