import { useTranslations } from "next-intl";
import { Skeleton } from "@/components/ui/skeleton";

/** Holds the place of what Jira is asked for. Without scripts it would stay there, so there is a way to the page made whole. */
export function Waiting({ lines = 5, wholeHref }: { lines?: number; wholeHref: string }) {
  const t = useTranslations("issues");
  return (
    <div aria-busy="true" className="flex flex-col gap-3 rounded-xl border border-line bg-surface p-4">
      <p className="text-sm text-ink-muted">{t("loading")}</p>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} className={index % 2 === 0 ? "h-5 w-full" : "h-5 w-2/3"} />
      ))}
      <noscript>
        <a href={wholeHref} className="link text-sm">
          {t("noScript")}
        </a>
      </noscript>
    </div>
  );
}
