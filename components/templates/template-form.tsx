"use client";

import { useTranslations } from "next-intl";
import { startTransition, useEffect, useRef, useState, type FormEvent } from "react";
import { Saved } from "@/components/settings/saved";
import { Card } from "@/components/ui/card";
import { Form } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { localeNames, locales } from "@/lib/platform/i18n/locales";
import { previewTemplateAction, saveTemplateAction, type TemplateDraft } from "@/lib/notifications/custom-templates/actions";
import type { CheckedTemplate } from "@/lib/notifications/custom-templates/inputs";
import { LanguageFields } from "./language-fields";
import { TemplatePreview } from "./template-preview";
import { VariableFields } from "./variable-fields";

export interface SavedTemplate extends CheckedTemplate {
  id: string;
  version: number;
}

interface Props {
  organization: string;
  template: SavedTemplate | null;
  categories: readonly CheckedTemplate["category"][];
  /** What the saved template looks like; null for a new one. */
  initial: TemplateDraft["preview"];
}

/** How long somebody has to pause before what they write is shown. */
const pauseMs = 500;

/** Texts on top, what they name beneath, what comes of it at the end. The preview follows along; without scripts a button asks for it. */
export function TemplateForm({ organization, template, categories, initial }: Props) {
  const t = useTranslations("templates.form");
  const [live, setLive] = useState<{ draft: TemplateDraft | null } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  const follow = (event: FormEvent<HTMLDivElement>) => {
    const form = event.currentTarget.closest("form");
    if (!form) return;
    clearTimeout(timer.current);
    const begun = new FormData(form);
    if (!begun.get("en.subject") || !begun.get("en.body")) return;
    timer.current = setTimeout(() => {
      const mine = (asked.current += 1);
      startTransition(async () => {
        const draft = await previewTemplateAction(organization, new FormData(form));
        // An earlier question may be answered later.
        if (mine === asked.current) setLive({ draft });
      });
    }, pauseMs);
  };

  return (
    <Form action={saveTemplateAction.bind(null, organization, template?.id ?? null)} className="gap-6">
      <input type="hidden" name="version" value={template?.version ?? ""} />
      <div onInput={follow} className="flex flex-col gap-6">
        <Card id="template" title={template ? t("editTitle") : t("newTitle")}>
          <div className="flex flex-col gap-5">
            <div className="grid gap-5 sm:grid-cols-2">
              <TextField name="name" label={t("name")} hint={t("nameHint")} defaultValue={template?.name} maxLength={80} autoComplete="off" required />
              <TextField name="key" label={t("key")} hint={t("keyHint")} defaultValue={template?.key} maxLength={60} autoComplete="off" autoCapitalize="none" spellCheck={false} required />
            </div>
            <Categories categories={categories} chosen={template?.category ?? "announcements"} />
            <p className="text-sm text-ink-muted">{t("syntax")}</p>
          </div>
        </Card>
        {locales.map((locale) => (
          <LanguageFields key={locale} locale={locale} name={localeNames[locale]} words={template?.content[locale]} />
        ))}
        <Variables live={live?.draft ?? null} saved={template?.variables ?? []} />
        <Shown live={live} initial={initial} />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton name="intent" value="save">
          {template ? t("save") : t("create")}
        </SubmitButton>
        <SubmitButton name="intent" value="preview" variant="secondary">
          {t("preview")}
        </SubmitButton>
        <Saved>{t("saved")}</Saved>
      </div>
    </Form>
  );
}

function Categories({ categories, chosen }: { categories: Props["categories"]; chosen: CheckedTemplate["category"] }) {
  const t = useTranslations("templates");
  const options = categories.flatMap((value) => (isNamed(value) ? [{ value, label: t(`categories.${value}`) }] : []));
  return <SelectField name="category" label={t("form.category")} hint={t("form.categoryHint")} defaultValue={chosen} options={options} className="sm:max-w-72" />;
}

const named = ["changes", "answers", "reminders", "announcements", "membership"] as const;
const isNamed = (category: string): category is (typeof named)[number] => named.some((one) => one === category);

function Variables({ live, saved }: { live: TemplateDraft | null; saved: TemplateDraft["variables"] }) {
  const { state } = useFormContext();
  return <VariableFields variables={live?.variables ?? resultOf(state.result)?.variables ?? saved} />;
}

function Shown({ live, initial }: { live: { draft: TemplateDraft | null } | null; initial: TemplateDraft["preview"] }) {
  const { state } = useFormContext();
  const t = useTranslations("templates.preview");
  const preview = live?.draft?.preview ?? resultOf(state.result)?.preview ?? initial;
  return (
    <Card id="preview" title={t("title")}>
      {live && !live.draft && (
        <Notice tone="caution" className="mb-4">
          {t("stale")}
        </Notice>
      )}
      {preview ? <TemplatePreview previews={preview} /> : <p className="text-sm text-ink-muted">{t("empty")}</p>}
    </Card>
  );
}

const resultOf = (result: unknown): TemplateDraft | null => (typeof result === "object" && result !== null && "variables" in result ? (result as TemplateDraft) : null);
