"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { TextField } from "@/components/ui/text-field";

/** A place to write the filter that is to be pasted into Jira; it is Jira that keeps it. */
export function FilterCopy() {
  const t = useTranslations("integrations.setUp");
  const [filter, setFilter] = useState("project = ABC");
  return (
    <div className="mt-1.5 flex flex-wrap items-end gap-2">
      <TextField name="jql" label={t("filterLabel")} hideLabel value={filter} onChange={(event) => setFilter(event.target.value)} autoComplete="off" spellCheck={false} className="flex-1 basis-56" />
      <CopyButton text={filter} label={t("copyNamed", { what: t("filter") })} />
    </div>
  );
}
