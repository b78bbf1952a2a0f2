"use client";

import type { ReactNode } from "react";
import { Form, type FormAction } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import type { ButtonVariant } from "@/components/ui/button-style";

interface Props {
  action: FormAction<unknown>;
  /** What the action needs to know, e.g. which row it is about. */
  values: Record<string, string>;
  children: ReactNode;
  variant?: ButtonVariant;
  "aria-label": string;
}

/** One button that acts on one row. */
export function SmallForm({ action, values, children, variant = "secondary", "aria-label": label }: Props) {
  return (
    <Form action={action} className="items-end gap-2">
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton size="sm" variant={variant}>
        <span aria-hidden="true">{children}</span>
        <span className="sr-only">{label}</span>
      </SubmitButton>
    </Form>
  );
}
