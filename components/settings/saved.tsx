"use client";

import { Check } from "lucide-react";
import { useFormContext } from "@/components/ui/form-context";

/** Says beside the button that the form was saved; the server says it, too, where there are no scripts. */
export function Saved({ children }: { children: string }) {
  const { state, pending } = useFormContext();
  return (
    <span role="status" className="inline-flex items-center gap-1.5 text-sm text-positive">
      {state.status === "done" && !pending && (
        <>
          <Check aria-hidden className="size-4" />
          {children}
        </>
      )}
    </span>
  );
}
