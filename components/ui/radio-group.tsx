"use client";

import { clsx } from "clsx";
import type { ReactNode } from "react";
import { FieldNotes, type FieldProps } from "./field";
import { useField } from "./form-context";

interface Choice {
  value: string;
  label: ReactNode;
  hint?: ReactNode;
}

interface Props extends Omit<FieldProps, "optional" | "also"> {
  choices: Choice[];
  defaultValue?: string;
  /** `segments` joins the choices into one control, for two to four short words. */
  look?: "list" | "segments";
  onChange?: (value: string) => void;
}

export function RadioGroup({ name, label, hint, hideLabel, className, choices, defaultValue, look = "list", onChange }: Props) {
  const { id, faults, typed, control } = useField(name, { hint });
  const chosen = typed ?? defaultValue;
  return (
    <fieldset
      role="radiogroup"
      className={clsx("min-w-0", className)}
      aria-describedby={control["aria-describedby"]}
      aria-invalid={control["aria-invalid"]}
    >
      <legend className={hideLabel ? "sr-only" : "mb-1.5 text-sm font-medium"}>{label}</legend>
      <div className={look === "segments" ? "inline-flex rounded-lg border border-line bg-sunken p-0.5" : "flex flex-col gap-2"}>
        {choices.map((choice, index) => (
          <label
            key={choice.value}
            className={
              look === "segments"
                ? "relative inline-flex min-h-8 items-center rounded-md px-3 text-sm text-ink-muted has-checked:bg-surface has-checked:font-medium has-checked:text-ink has-checked:shadow-low has-focus-visible:outline-2 has-focus-visible:outline-ring"
                : "flex items-start gap-3 py-0.5"
            }
          >
            <input
              type="radio"
              id={index === 0 ? id : undefined}
              name={name}
              value={choice.value}
              defaultChecked={chosen === choice.value}
              onChange={onChange && (() => onChange(choice.value))}
              className={look === "segments" ? "absolute inset-0 size-full cursor-pointer opacity-0" : "mt-0.5 size-5 shrink-0 accent-accent"}
            />
            <span>
              <span className="text-sm">{choice.label}</span>
              {choice.hint && <span className="block text-xs text-ink-muted">{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
      <FieldNotes id={id} hint={hint} faults={faults} />
    </fieldset>
  );
}
