"use client";

import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { FieldNotes, type FieldProps } from "./field";
import { useField } from "./form-context";

type Props = Omit<FieldProps, "hideLabel" | "optional" | "also"> &
  Omit<ComponentProps<"input">, keyof FieldProps | "id" | "type" | "children">;

export function CheckboxField({ name, label, hint, className, defaultChecked, value = "on", ...rest }: Props) {
  const { id, faults, typedAll, refused, control } = useField(name, { hint });
  const checked = refused ? (typedAll?.includes(String(value)) ?? false) : defaultChecked;
  return (
    <div className={clsx("flex gap-3", className)}>
      <input
        type="checkbox"
        value={value}
        defaultChecked={rest.checked === undefined ? checked : undefined}
        className="mt-0.5 size-5 shrink-0 accent-accent"
        {...control}
        {...rest}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        <FieldNotes id={id} hint={hint} faults={faults} />
      </div>
    </div>
  );
}
