"use client";

import { Check, CircleHelp, MessageSquareText, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { clsx } from "clsx";
import { Form, type FormAction } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { TextArea } from "@/components/ui/text-area";
import { useToast } from "@/components/ui/toast";
import type { Partstat } from "@/lib/meetings/inputs";

type Answer = Exclude<Partstat, "needs-action">;

interface Props {
  action: FormAction<unknown>;
  current: Partstat;
  comment?: string | null;
  /** In a list there is no room for words to the organizer; they go on the meeting's page. */
  compact?: boolean;
  /** What the buttons are about, for who hears them out of context. */
  about: string;
}

const icons = { accepted: Check, tentative: CircleHelp, declined: X };
const answers: Answer[] = ["accepted", "tentative", "declined"];

/** Yes, maybe, no: one press answers, another changes the answer. */
export function AnswerForm({ action, current, comment, compact, about }: Props) {
  const t = useTranslations("meetings");
  const router = useRouter();
  const toast = useToast();
  const onDone = () => {
    toast({ text: t("answerSaved") });
    router.refresh();
  };
  return (
    <Form action={action} onDone={onDone} className={compact ? "gap-2" : "gap-3"} aria-label={about}>
      <div className={compact ? "flex flex-wrap gap-2" : "flex flex-wrap gap-2 *:flex-auto"}>
        {answers.map((answer) => (
          <AnswerButton key={answer} answer={answer} chosen={current === answer} compact={compact} />
        ))}
      </div>
      {!compact && (
        <details open={Boolean(comment)}>
          <summary className="link inline-flex min-h-8 items-center gap-1.5 text-sm">
            <MessageSquareText aria-hidden className="size-4" />
            {t("addComment")}
          </summary>
          <TextArea name="comment" label={t("comment")} hideLabel className="mt-2" rows={2} maxLength={1000} defaultValue={comment ?? ""} hint={t("commentHint")} />
        </details>
      )}
      {compact && comment && <input type="hidden" name="comment" value={comment} />}
    </Form>
  );
}

function AnswerButton({ answer, chosen, compact }: { answer: Answer; chosen: boolean; compact?: boolean }) {
  const t = useTranslations("meetings");
  const { pending } = useFormContext();
  const Icon = icons[answer];
  return (
    <button
      type="submit"
      name="partstat"
      value={answer}
      aria-pressed={chosen}
      aria-disabled={pending || undefined}
      className={clsx(
        "inline-flex items-center justify-center gap-1.5 rounded-lg border px-2.5 text-sm whitespace-nowrap font-medium transition-colors",
        compact ? "min-h-9" : "min-h-10",
        chosen ? "border-accent bg-accent text-on-accent" : "border-line-strong/60 bg-surface hover:bg-hover",
      )}
    >
      <Icon aria-hidden className={clsx("size-4", compact && "max-sm:hidden")} />
      {t(`answer.${answer}`)}
    </button>
  );
}
