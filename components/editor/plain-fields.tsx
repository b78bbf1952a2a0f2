"use client";

import { useTranslations } from "next-intl";
import { useField } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";

/** Without scripts: the words in a plain field, saved by a button. The browser leaves all of it out where scripts run. */
export function PlainFields({ text, rich }: { text: string; rich: boolean }) {
  const t = useTranslations("editor");
  const { id, typed, faults, control } = useField("text");
  return (
    <noscript>
      {rich && <Notice tone="caution">{t("plainRich")}</Notice>}
      <label htmlFor={id} className="mt-3 mb-1.5 block text-sm font-medium">
        {t("bodyLabel")}
      </label>
      <textarea {...control} name="text" rows={16} defaultValue={typed ?? text} className="control min-h-64 resize-y" />
      {faults.length > 0 && <p className="mt-1.5 text-sm text-danger">{faults.join(" ")}</p>}
      <p className="mt-1.5 mb-3 text-xs text-ink-muted">{t("plainHint")}</p>
      <SubmitButton name="intent" value="save" variant="secondary">
        {t("plainSave")}
      </SubmitButton>
    </noscript>
  );
}
