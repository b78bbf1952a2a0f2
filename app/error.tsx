"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { PlainPage } from "@/components/ui/plain-page";

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations("common");
  return (
    <PlainPage title={t("errorTitle")}>
      <p className="text-ink-muted">
        {t("errorText")} <code className="tabular text-ink">{error.digest ?? "—"}</code>
      </p>
      <Button variant="primary" className="mt-6" onClick={reset}>
        {t("tryAgain")}
      </Button>
    </PlainPage>
  );
}
