"use client";

import { BookOpenCheck, Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { startTransition, useActionState, useOptimistic, type FormEvent } from "react";
import { buttonStyle } from "@/components/ui/button-style";
import type { FormAction } from "@/components/ui/form";
import { idleForm } from "@/lib/platform/form-state";

interface Props {
  action: FormAction<unknown>;
  acknowledged: boolean;
  words: {
    /** Who asks for it, and until when. */
    ask: string;
    due: string | null;
    overdue: boolean;
    /** What stands there once it is said. */
    thanks: string;
  };
}

/** Stays in sight while the article is read, and comes to rest at its end: the place for it is after reading. */
export function MustReadBar({ action, acknowledged, words }: Props) {
  const t = useTranslations();
  const [state, submit] = useActionState(action, idleForm);
  const [done, setDone] = useOptimistic(acknowledged);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => {
      setDone(true);
      submit(form);
    });
  };
  if (done) {
    return (
      <p role="status" className="mt-8 flex items-center gap-2.5 rounded-xl border border-line bg-sunken px-4 py-3 text-sm">
        <Check aria-hidden className="size-5 shrink-0 text-positive" />
        {words.thanks}
      </p>
    );
  }
  return (
    <form
      action={submit}
      onSubmit={send}
      className="sticky bottom-18 z-10 mt-8 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border border-caution-line bg-caution-soft px-4 py-3 text-sm shadow-high md:bottom-4"
    >
      <BookOpenCheck aria-hidden className="size-5 shrink-0 text-caution" />
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-medium">{words.ask}</p>
        {words.due && <p className={words.overdue ? "text-danger" : "text-ink-muted"}>{words.due}</p>}
        {state.status === "refused" && state.refusal && (
          <p role="alert" className="text-danger">
            {t(`refusals.${state.refusal}`)}
          </p>
        )}
      </div>
      <button type="submit" className={buttonStyle("primary", "md", "max-sm:w-full")}>
        {t("news.mustRead.acknowledge")}
      </button>
    </form>
  );
}
