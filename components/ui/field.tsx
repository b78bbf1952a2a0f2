"use client";

import { clsx } from "clsx";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

/** Props every field shares. */
export interface FieldProps {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  /** Marked as optional; everything else is expected to be filled. */
  optional?: boolean;
  /** Read out but not shown, where the place already says what the field is. */
  hideLabel?: boolean;
  className?: string;
  /** Other names under which a fault of this field may come back. */
  also?: string[];
}

interface ShellProps extends Omit<FieldProps, "name" | "also"> {
  id: string;
  faults: string[];
  children: ReactNode;
}

/** Label above, control, then fault and hint, tied to the control by id. */
export function FieldShell({ id, label, hint, optional, hideLabel, faults, className, children }: ShellProps) {
  const t = useTranslations("common");
  return (
    <div className={clsx("min-w-0", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "mb-1.5 flex items-baseline gap-2 text-sm font-medium"}>
        {label}
        {optional && <span className="text-xs font-normal text-ink-faint">{t("optional")}</span>}
      </label>
      {children}
      <FieldNotes id={id} hint={hint} faults={faults} />
    </div>
  );
}

export function FieldNotes({ id, hint, faults }: { id: string; hint?: ReactNode; faults: string[] }) {
  return (
    <>
      {faults.length > 0 && (
        <p id={`${id}-fault`} className="mt-1.5 text-sm text-danger">
          {faults.join(" ")}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-xs text-ink-muted">
          {hint}
        </p>
      )}
    </>
  );
}
