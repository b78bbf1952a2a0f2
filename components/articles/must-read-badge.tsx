import { BookOpenCheck, Check } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Badge } from "@/components/ui/badge";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";

interface Props {
  mustRead: { dueAt: Date | null; acknowledged: boolean };
  viewer: Viewer;
  now: Date;
}

export async function MustReadBadge({ mustRead: { dueAt, acknowledged }, viewer, now }: Props) {
  const t = await getTranslations("news.mustRead");
  if (acknowledged) {
    return (
      <Badge tone="positive">
        <Check aria-hidden className="size-3.5" />
        {t("done")}
      </Badge>
    );
  }
  return (
    <Badge tone={dueAt && dueAt < now ? "danger" : "caution"}>
      <BookOpenCheck aria-hidden className="size-3.5" />
      {dueAt ? t("due", { when: formatsFor(viewer).day(dueAt) }) : t("label")}
    </Badge>
  );
}
