"use client";

import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormContext } from "@/components/ui/form-context";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import type { Locale } from "@/lib/platform/i18n/locales";
import type { TemplateWords } from "@/lib/notifications/custom-templates/inputs";

/** The words of one language. English stands open because it is needed; the others open when they are written or at fault. */
export function LanguageFields({ locale, name, words }: { locale: Locale; name: string; words: TemplateWords | undefined }) {
  const t = useTranslations("templates.form");
  const { state } = useFormContext();
  const mine = (entries: object) => Object.keys(entries).some((field) => field.startsWith(`${locale}.`));
  const typed = Object.entries(state.values).some(([field, value]) => field.startsWith(`${locale}.`) && value.length > 0);
  return (
    <details open={locale === "en" || words !== undefined || typed || mine(state.fields)} className="group min-w-0 rounded-xl border border-line bg-surface">
      <Summary>
        <span lang={locale}>{name}</span>
      </Summary>
      <div className="flex flex-col gap-5 border-t border-line p-4" lang={locale}>
        {locale !== "en" && <p className="text-sm text-ink-muted">{t("optionalLanguage")}</p>}
        <TextField name={`${locale}.subject`} label={t("subject")} defaultValue={words?.subject} maxLength={200} required={locale === "en"} />
        <TextArea name={`${locale}.body`} label={t("body")} hint={t("bodyHint")} defaultValue={words?.body} maxLength={10_000} rows={6} required={locale === "en"} />
        <details open={words?.button !== undefined || words?.push !== undefined || words?.line !== undefined || typedMore(state.values, locale) || typedMore(state.fields, locale)} className="group/more">
          <summary className="inline-flex min-h-8 cursor-pointer list-none items-center gap-1 rounded-md text-sm font-medium text-accent-ink [&::-webkit-details-marker]:hidden">
            <ChevronRight aria-hidden className="size-4 transition-transform group-open/more:rotate-90" />
            {t("more")}
          </summary>
          <div className="mt-4 flex flex-col gap-5">
            <div className="grid gap-5 sm:grid-cols-2">
              <TextField name={`${locale}.button.label`} label={t("buttonLabel")} defaultValue={words?.button?.label} maxLength={80} optional />
              <TextField name={`${locale}.button.url`} label={t("buttonUrl")} defaultValue={words?.button?.url} maxLength={1000} inputMode="url" autoCapitalize="none" spellCheck={false} optional />
            </div>
            <TextField name={`${locale}.line`} label={t("line")} hint={t("lineHint")} defaultValue={words?.line} maxLength={200} optional />
            <div className="grid gap-5 sm:grid-cols-2">
              <TextField name={`${locale}.push.title`} label={t("pushTitle")} hint={t("pushHint")} defaultValue={words?.push?.title} maxLength={100} optional />
              <TextField name={`${locale}.push.body`} label={t("pushBody")} defaultValue={words?.push?.body} maxLength={250} optional />
            </div>
          </div>
        </details>
      </div>
    </details>
  );
}

function typedMore(entries: Record<string, unknown>, locale: Locale): boolean {
  return ["button.label", "button.url", "line", "push.title", "push.body"].some((field) => {
    const value = entries[`${locale}.${field}`];
    return Array.isArray(value) ? value.length > 0 : typeof value === "string" && value !== "";
  });
}

function Summary({ children }: { children: ReactNode }) {
  return (
    <summary className="flex min-h-12 cursor-pointer list-none items-center gap-2 rounded-xl px-4 text-sm font-semibold [&::-webkit-details-marker]:hidden">
      <ChevronRight aria-hidden className="size-4 text-ink-muted transition-transform group-open:rotate-90" />
      {children}
    </summary>
  );
}
