"use client";

import { CheckCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { useLiveInbox } from "./inbox-count";

/** Reads what this page could show. The list above takes it over when scripts are there (`data-act`). */
export function MarkAllRead({ action }: { action: () => Promise<void> }) {
  const t = useTranslations("inbox");
  const { unread } = useLiveInbox();
  if (unread === 0) return null;
  return (
    <form action={action} data-act="all">
      <Button type="submit" size="sm">
        <CheckCheck aria-hidden className="size-4" />
        {t("markAllRead")}
      </Button>
    </form>
  );
}
