import { useTranslations } from "next-intl";
import { Notice } from "@/components/ui/notice";
import { localeNames, locales } from "@/lib/platform/i18n/locales";
import type { Previews, WordsPreview } from "@/lib/notifications/custom-templates/queries";

/** The words as a mail, a push and an inbox line, in each language that is written. The mail itself is for a test to show. */
export function TemplatePreview({ previews: { languages, missing } }: { previews: Previews<WordsPreview> }) {
  const t = useTranslations("templates.preview");
  return (
    <div className="flex flex-col gap-6">
      {missing.length > 0 && <Notice tone="caution">{t("missing", { count: missing.length, names: missing.map((name) => `{{${name}}}`).join(", ") })}</Notice>}
      {locales.map((locale) => {
        const preview = languages[locale];
        return (
          preview && (
            <section key={locale} lang={locale} aria-label={localeNames[locale]} className="min-w-0">
              <h3 className="mb-2 text-xs font-medium text-ink-muted">{localeNames[locale]}</h3>
              <One preview={preview} />
            </section>
          )
        );
      })}
    </div>
  );
}

function One({ preview: { subject, body, button, push, line } }: { preview: WordsPreview }) {
  const t = useTranslations("templates.preview");
  return (
    <div className="grid gap-3 sm:grid-cols-[3fr_2fr]">
      <article aria-label={t("mail")} className="min-w-0 rounded-lg border border-line p-4">
        <p className="text-xs text-ink-muted">{t("mail")}</p>
        <p className="mt-1 font-semibold break-words">{subject}</p>
        {body.split(/\n{2,}/).map((paragraph, index) => (
          <p key={index} className="mt-3 text-sm break-words whitespace-pre-wrap">
            {paragraph}
          </p>
        ))}
        {button && (
          <p className="mt-4">
            <span className="inline-flex min-h-9 items-center rounded-lg bg-accent px-4 text-sm font-medium text-on-accent">{button.label}</span>
            <span className="mt-1 block text-xs break-all text-ink-muted">{button.url}</span>
          </p>
        )}
      </article>
      <div className="flex min-w-0 flex-col gap-3">
        <article aria-label={t("push")} className="rounded-lg border border-line p-4">
          <p className="text-xs text-ink-muted">{t("push")}</p>
          <p className="mt-1 text-sm font-semibold break-words">{push.title}</p>
          <p className="text-sm break-words whitespace-pre-wrap text-ink-muted">{push.body}</p>
        </article>
        <article aria-label={t("inbox")} className="rounded-lg border border-line p-4">
          <p className="text-xs text-ink-muted">{t("inbox")}</p>
          <p className="mt-1 text-sm break-words">{line}</p>
        </article>
      </div>
    </div>
  );
}
