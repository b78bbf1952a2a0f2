"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";

/** A plain form to the route; with scripts the page stays where it is. */
export function SendAgain({ href, name }: { href: string; name: string }) {
  const t = useTranslations();
  const router = useRouter();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      const response = await fetch(href, { method: "POST", headers: { Accept: "application/json" } });
      toast({ text: response.ok ? t("meetings.sentAgain") : t("refusals.CONFLICT") });
      router.refresh();
    } catch {
      toast({ text: t("refusals.UNEXPECTED") });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form method="post" action={href} onSubmit={send} className="mt-1.5">
      <Button type="submit" size="sm" aria-disabled={busy || undefined}>
        {t("common.sendAgain")}
        <span className="sr-only">: {name}</span>
      </Button>
    </form>
  );
}
