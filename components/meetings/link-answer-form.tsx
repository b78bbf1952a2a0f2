"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Form, type FormAction } from "@/components/ui/form";
import { Notice } from "@/components/ui/notice";
import { RadioGroup } from "@/components/ui/radio-group";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextArea } from "@/components/ui/text-area";
import { useFormContext } from "@/components/ui/form-context";
import type { Partstat } from "@/lib/meetings/inputs";

interface Props {
  action: FormAction<unknown>;
  /** What the person said last, and what the mail's button wants to say. */
  current: Partstat;
  preselected: Partstat;
  comment: string | null;
}

/** The answer from a mail. Opening the link chooses nothing by itself (mail scanners open links too): the button does. */
export function LinkAnswerForm({ action, current, preselected, comment }: Props) {
  const router = useRouter();
  return (
    <Form action={action} onDone={() => router.refresh()}>
      <Fields current={current} preselected={preselected} comment={comment} />
    </Form>
  );
}

function Fields({ current, preselected, comment }: Omit<Props, "action">) {
  const t = useTranslations();
  const { state } = useFormContext();
  return (
    <>
      {state.status === "done" && (
        <Notice tone="positive" role="status">
          {t("rsvp.thanks")}
        </Notice>
      )}
      <RadioGroup
        name="partstat"
        label={t("rsvp.question")}
        defaultValue={preselected === "needs-action" ? undefined : preselected}
        choices={(["accepted", "tentative", "declined"] as const).map((value) => ({ value, label: t(`rsvp.answer.${value}`) }))}
      />
      <TextArea name="comment" label={t("meetings.comment")} hint={t("meetings.commentHint")} defaultValue={comment ?? ""} rows={2} maxLength={1000} optional />
      <SubmitButton className="w-full sm:w-auto sm:self-start">{current === "needs-action" ? t("rsvp.send") : t("rsvp.change")}</SubmitButton>
    </>
  );
}
