"use client";

import { createContext, use } from "react";
import { useTranslations } from "next-intl";
import { idleForm, type FormState } from "@/lib/platform/form-state";

interface FormContext {
  id: string;
  state: FormState;
  pending: boolean;
}

export const FormContext = createContext<FormContext>({ id: "", state: idleForm, pending: false });

export const useFormContext = () => use(FormContext);

/** What a control needs to stand in a form: ids that tie label, hint and fault to it, and what the person had typed. */
export function useField(name: string, options: { hint?: unknown; also?: string[] } = {}) {
  const { id: formId, state } = useFormContext();
  const t = useTranslations("faults");
  const id = `${formId}${name}`;
  const found = [name, ...(options.also ?? [])].flatMap((field) => state.fields[field] ?? []);
  const faults = found.map(({ code, detail, values }) => (t.has(code as "invalid") ? t(code as "invalid", values) : detail));
  const typed = state.values[name];
  const described = [faults.length > 0 ? `${id}-fault` : "", options.hint ? `${id}-hint` : ""].filter(Boolean).join(" ");
  return {
    id,
    faults: [...new Set(faults)],
    found,
    /** The single value the person sent; undefined when the form was not refused. */
    typed: Array.isArray(typed) ? typed[0] : typed,
    typedAll: typed === undefined ? undefined : Array.isArray(typed) ? typed : [typed],
    /** True after a refusal: an unticked box must then stay unticked although it sends no value. */
    refused: state.status === "refused",
    control: {
      id,
      name,
      "aria-invalid": faults.length > 0 || undefined,
      "aria-describedby": described || undefined,
    },
  };
}
