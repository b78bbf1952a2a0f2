"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";

/** A value to be pasted elsewhere, whole and unbroken, with the button that copies it. */
export function CopyLine({ label, text, testId }: { label: string; text: string; testId?: string }) {
  const t = useTranslations("integrations.setUp");
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-2">
      <code className="min-w-0 rounded-md border border-line bg-sunken px-2 py-1 text-xs break-all" data-testid={testId}>
        {text}
      </code>
      <CopyButton text={text} label={t("copyNamed", { what: label })} />
    </div>
  );
}
