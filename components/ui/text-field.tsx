"use client";

import type { ComponentProps } from "react";
import { FieldShell, type FieldProps } from "./field";
import { useField } from "./form-context";

type Props = FieldProps & Omit<ComponentProps<"input">, keyof FieldProps | "id" | "children">;

export function TextField({ name, label, hint, optional, hideLabel, className, also, defaultValue, type = "text", ...rest }: Props) {
  const { id, faults, typed, control } = useField(name, { hint, also });
  return (
    <FieldShell {...{ id, label, hint, optional, hideLabel, className, faults }}>
      <input
        type={type}
        className="control"
        defaultValue={rest.value === undefined ? (typed ?? defaultValue) : undefined}
        {...control}
        {...rest}
      />
    </FieldShell>
  );
}
