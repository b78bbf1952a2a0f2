"use client";

import "./globals.css";
import { PlainPage } from "@/components/ui/plain-page";
import { toLocale, type Locale } from "@/lib/platform/i18n/locales";

/** The layout itself failed, so nothing it provides, messages included, can be relied on here. */
const words: Record<Locale, { title: string; text: string; again: string }> = {
  en: { title: "Something went wrong on our side", text: "What you saved is safe. Code:", again: "Try again" },
  ko: { title: "저희 쪽에서 문제가 생겼어요", text: "저장한 내용은 안전해요. 코드:", again: "다시 시도" },
  fr: { title: "Un problème est survenu de notre côté", text: "Ce que vous avez enregistré est en sécurité. Code :", again: "Réessayer" },
};

export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const locale = toLocale(typeof navigator === "undefined" ? null : navigator.language);
  const { title, text, again } = words[locale];
  return (
    <html lang={locale}>
      <body>
        <PlainPage title={title}>
          <p className="text-ink-muted">
            {text} <code className="text-ink">{error.digest ?? "—"}</code>
          </p>
          <button type="button" onClick={reset} className="link mt-6 min-h-10">
            {again}
          </button>
        </PlainPage>
      </body>
    </html>
  );
}
