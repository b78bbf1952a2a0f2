"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";

/** A newer message has said all that this one could; anything else means that it is no longer a failed one. */
async function overtaken(response: Response): Promise<boolean> {
  const problem: unknown = await response.json().catch(() => null);
  return typeof problem === "object" && problem !== null && "code" in problem && problem.code === "OVERTAKEN";
}

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
      toast({ text: response.ok ? t("meetings.sentAgain") : t((await overtaken(response)) ? "refusals.OVERTAKEN" : "refusals.CONFLICT") });
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
