"use client";

import { clsx } from "clsx";
import { useTranslations } from "next-intl";
import { startTransition, useActionState, useEffect, useId, useRef, type FormEvent, type ReactNode } from "react";
import { idleForm, type FormState } from "@/lib/platform/form-state";
import { FormContext } from "./form-context";
import { Notice } from "./notice";

export type FormAction<Result> = (previous: FormState<Result>, form: FormData) => Promise<FormState<Result>>;

interface Props<Result> {
  action: FormAction<Result>;
  children: ReactNode;
  className?: string;
  "aria-label"?: string;
  /** Called once for every success, e.g. to close a dialog or to say so in a toast. */
  onDone?: (result: Result | null) => void;
  /** Called with each refusal, for forms that offer a way out of it. */
  onRefused?: (state: FormState<Result>) => void;
  /** Empties the form after success: for forms that add to a list. */
  resetOnDone?: boolean;
  /** Hides the sentence above the fields where the form says it in its own words. */
  quiet?: boolean;
}

/**
 * A form over a server action. Works before (and without) JavaScript: the browser posts it and the page comes back with the same
 * state. With JavaScript the fields are never reset by a refusal, a second click does nothing while the first is under way, and
 * focus goes to the first faulty field.
 */
export function Form<Result>({ action, children, className, onDone, onRefused, resetOnDone, quiet, ...rest }: Props<Result>) {
  const [state, submit, pending] = useActionState(action, idleForm as FormState<Result>);
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const seen = useRef(state);

  useEffect(() => {
    if (seen.current === state) return;
    seen.current = state;
    if (state.status === "done") {
      if (resetOnDone) form.current?.reset();
      onDone?.(state.result);
    }
    if (state.status === "refused") {
      focusFault(form.current);
      onRefused?.(state);
    }
  }, [state, onDone, onRefused, resetOnDone]);

  const send = (event: FormEvent<HTMLFormElement>) => {
    // Sending it ourselves, instead of through `action`, keeps React from resetting the fields afterwards.
    event.preventDefault();
    if (pending) return;
    const submitter = event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null;
    const data = new FormData(event.currentTarget, submitter);
    startTransition(() => submit(data));
  };

  return (
    <FormContext value={{ id, state, pending }}>
      <form ref={form} action={submit} onSubmit={send} noValidate className={clsx("flex flex-col gap-5", className)} {...rest}>
        {!quiet && <FormFaults state={state} />}
        {children}
      </form>
    </FormContext>
  );
}

/** The sentence of a refusal, and the faults that belong to no field of their own. */
function FormFaults({ state }: { state: FormState }) {
  const t = useTranslations();
  if (state.status !== "refused" || !state.refusal) return null;
  const fieldCount = Object.keys(state.fields).length;
  const whole = state.fields[""] ?? [];
  return (
    <Notice tone="danger" role="alert" focusable>
      {state.refusal === "INVALID" && fieldCount > 0 && whole.length === 0
        ? t("common.correct", { count: fieldCount })
        : whole.length > 0
          ? whole.map(({ code, detail, values }) => (t.has(`faults.${code as "invalid"}`) ? t(`faults.${code as "invalid"}`, values) : detail)).join(" ")
          : t(`refusals.${state.refusal}`)}
    </Notice>
  );
}

function focusFault(form: HTMLFormElement | null): void {
  const target = form?.querySelector<HTMLElement>('[aria-invalid="true"]:not([type="hidden"])') ?? form?.querySelector<HTMLElement>('[role="alert"]');
  target?.focus();
}
