import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import { getTranslations } from "next-intl/server";

export async function BackLink({ href, label }: { href: string; label?: string }) {
  const t = await getTranslations("integrations");
  return (
    <Link href={href} className="-ml-1.5 mb-2 inline-flex min-h-8 items-center gap-0.5 self-start rounded-md pr-2 text-sm text-ink-muted hover:text-ink">
      <ChevronLeft aria-hidden className="size-4" />
      {label ?? t("back")}
    </Link>
  );
}
