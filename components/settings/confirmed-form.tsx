"use client";

import { buttonStyle } from "@/components/ui/button-style";
import { SmallForm } from "./small-form";
import type { ComponentProps } from "react";

type Props = ComponentProps<typeof SmallForm> & { question: string };

/** An act that cannot be undone, one step away: the native disclosure asks first, with or without scripts. */
export function ConfirmedForm({ question, children, ...form }: Props) {
  return (
    <details className="group text-right">
      <summary className={buttonStyle("ghost", "sm", "cursor-pointer list-none [&::-webkit-details-marker]:hidden")}>
        <span aria-hidden="true">{children}…</span>
        <span className="sr-only">{form["aria-label"]}</span>
      </summary>
      <div className="mt-2 rounded-lg border border-danger-line bg-danger-soft p-3 text-left text-sm">
        <p className="mb-2">{question}</p>
        <SmallForm {...form} variant="danger">
          {children}
        </SmallForm>
      </div>
    </details>
  );
}
