import { useTranslations } from "next-intl";
import type { Quota } from "@/lib/feed/media/mappings";
import { useSizeText } from "./use-size-text";

const nearlyFull = 0.9;

/** How full the storage of the organization is, said before an upload fails of it. */
export function QuotaMeter({ quota: { usedBytes, reservedBytes, quotaBytes } }: { quota: Quota }) {
  const t = useTranslations("media.quota");
  const sizeText = useSizeText();
  const taken = usedBytes + reservedBytes;
  const free = Math.max(0, quotaBytes - taken);
  return (
    <div className="text-sm">
      <meter aria-label={t("meter")} value={Math.min(taken, quotaBytes)} max={quotaBytes} high={quotaBytes * nearlyFull} optimum={0} className="block h-2.5 w-full">
        {t("used", { used: sizeText(usedBytes), quota: sizeText(quotaBytes) })}
      </meter>
      <p className="mt-1 flex flex-wrap justify-between gap-x-4 text-ink-muted">
        <span>{t("used", { used: sizeText(usedBytes), quota: sizeText(quotaBytes) })}</span>
        {reservedBytes > 0 && <span>{t("reserved", { reserved: sizeText(reservedBytes) })}</span>}
      </p>
      {free === 0 ? (
        <p className="mt-1 font-medium text-danger">{t("full")}</p>
      ) : (
        taken > quotaBytes * nearlyFull && <p className="mt-1 font-medium text-caution">{t("nearlyFull", { free: sizeText(free) })}</p>
      )}
    </div>
  );
}
