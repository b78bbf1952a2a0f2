import { useTranslations } from "next-intl";
import type { Quota } from "@/lib/feed/media/mappings";
import { Card } from "../ui/card";
import { Notice } from "../ui/notice";
import { QuotaMeter } from "./quota-meter";
import { useSizeText } from "./use-size-text";

/** For those who look after an organization: what its media take, and how much more fits. */
export function QuotaCard({ quota }: { quota: Quota }) {
  const t = useTranslations("media.quota");
  const sizeText = useSizeText();
  return (
    <Card id="storage" title={t("title")}>
      <p className="mb-3 text-sm text-ink-muted">{t("lead", { max: sizeText(quota.fileBytesMax) })}</p>
      {quota.available ? <QuotaMeter quota={quota} /> : <Notice tone="caution">{t("unavailable")}</Notice>}
    </Card>
  );
}
