"use client";

import type { ComponentProps } from "react";
import { FieldShell, type FieldProps } from "./field";
import { useField } from "./form-context";

type Props = FieldProps & Omit<ComponentProps<"textarea">, keyof FieldProps | "id" | "children">;

/** Grows with what is written, where the browser can (`field-sizing`). */
export function TextArea({ name, label, hint, optional, hideLabel, className, also, defaultValue, rows = 3, ...rest }: Props) {
  const { id, faults, typed, control } = useField(name, { hint, also });
  return (
    <FieldShell {...{ id, label, hint, optional, hideLabel, className, faults }}>
      <textarea
        rows={rows}
        className="control field-sizing-content max-h-96 min-h-20 resize-y"
        defaultValue={rest.value === undefined ? (typed ?? defaultValue) : undefined}
        {...control}
        {...rest}
      />
    </FieldShell>
  );
}
