"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { FieldShell, type FieldProps } from "./field";
import { useField } from "./form-context";

export interface Option {
  value: string;
  label: string;
}

type Props = FieldProps & Omit<ComponentProps<"select">, keyof FieldProps | "id" | "children"> & { options: Option[] };

/** The platform's own select: the best picker on every phone, and it works without scripts. */
export function SelectField({ name, label, hint, optional, hideLabel, className, also, defaultValue, options, ...rest }: Props) {
  const { id, faults, typed, control } = useField(name, { hint, also });
  return (
    <FieldShell {...{ id, label, hint, optional, hideLabel, className, faults }}>
      <div className="relative">
        <select
          className="control appearance-none truncate pr-9"
          defaultValue={rest.value === undefined ? (typed ?? defaultValue) : undefined}
          {...control}
          {...rest}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-ink-muted" />
      </div>
    </FieldShell>
  );
}
