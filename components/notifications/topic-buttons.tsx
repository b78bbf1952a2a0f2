"use client";

import { clsx } from "clsx";
import { Bell, BellOff, BellRing, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { startTransition, useActionState, useEffect, useId, useOptimistic, useRef, type FormEvent } from "react";
import type { FormAction } from "@/components/ui/form";
import { useToast } from "@/components/ui/toast";
import { idleForm } from "@/lib/platform/form-state";
import type { TopicChoice } from "@/lib/notifications/topics/inputs";

type Shown = TopicChoice | "ordinary";

interface Props {
  action: FormAction<TopicChoice | null>;
  topic: string;
  choice: TopicChoice | null;
  label: string;
  words: Record<Shown, { name: string; about: string }>;
}

const order: Shown[] = ["following", "ordinary", "muted"];
const icons: Record<Shown, LucideIcon> = { following: BellRing, ordinary: Bell, muted: BellOff };
const isShown = (value: unknown): value is Shown => order.some((known) => known === value);

export function TopicButtons({ action, topic, choice, label, words }: Props) {
  const refusals = useTranslations("refusals");
  const toast = useToast();
  const [state, submit, pending] = useActionState(action, idleForm);
  const [shown, show] = useOptimistic<Shown>(choice ?? "ordinary");
  const seen = useRef(state);
  const id = useId();

  useEffect(() => {
    if (seen.current === state) return;
    seen.current = state;
    if (state.status === "refused") toast({ text: refusals(state.refusal ?? "UNEXPECTED") });
  }, [state, toast, refusals]);

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const submitter = event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null;
    const form = new FormData(event.currentTarget, submitter);
    const wanted = form.get("choice");
    startTransition(() => {
      if (isShown(wanted)) show(wanted);
      submit(form);
    });
  };

  return (
    <form action={submit} onSubmit={send} aria-busy={pending || undefined}>
      <input type="hidden" name="topic" value={topic} />
      <div role="group" aria-label={label} aria-describedby={id} className="inline-flex max-w-full flex-wrap gap-0.5 rounded-lg border border-line bg-sunken p-0.5">
        {order.map((value) => {
          const Icon = icons[value];
          return (
            <button
              key={value}
              type="submit"
              name="choice"
              value={value}
              aria-pressed={shown === value}
              title={words[value].about}
              className={clsx(
                "inline-flex min-h-8 items-center gap-1.5 rounded-md px-2.5 text-sm",
                shown === value ? "bg-surface font-medium text-ink shadow-low" : "text-ink-muted hover:text-ink",
              )}
            >
              <Icon aria-hidden className="size-4" />
              {words[value].name}
            </button>
          );
        })}
      </div>
      <p id={id} className="mt-1 text-xs text-pretty text-ink-muted">
        {words[shown].about}
      </p>
    </form>
  );
}
