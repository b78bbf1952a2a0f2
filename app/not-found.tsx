import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { LinkButton } from "@/components/ui/link-button";
import { PlainPage } from "@/components/ui/plain-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("common"))("notFoundTitle") };
}

export default async function NotFound() {
  const t = await getTranslations("common");
  return (
    <PlainPage title={t("notFoundTitle")}>
      <p className="text-ink-muted">{t("notFoundText")}</p>
      <LinkButton href="/" variant="primary" className="mt-6">
        {t("notFoundHome")}
      </LinkButton>
    </PlainPage>
  );
}
