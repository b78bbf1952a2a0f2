"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { Dialog } from "@/components/ui/dialog";
import { buttonStyle } from "@/components/ui/button-style";
import { Form, type FormAction } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";

interface Props {
  action: FormAction<unknown>;
  /** The inbox without the question. */
  closeHref: string;
  /** The line that is put off. */
  line: string;
  /** On the reader's own clocks. */
  earliest: { date: string };
  suggested: { date: string; time: string };
}

/** Asks for a moment of one's own. It is a page of the inbox, so that it works before scripts; scripts make it a dialog. */
export function SnoozeDialog({ action, closeHref, line, earliest, suggested }: Props) {
  const t = useTranslations();
  const router = useRouter();
  return (
    <Dialog open onClose={() => router.replace(closeHref, { scroll: false })} title={t("inbox.snoozeTitle")}>
      <p className="font-medium break-words">{line}</p>
      <p className="mt-1 mb-4 text-sm text-ink-muted">{t("inbox.snoozeText")}</p>
      <Form action={action}>
        <div className="grid grid-cols-2 gap-3">
          <TextField name="date" also={["until"]} type="date" label={t("inbox.snoozeDate")} defaultValue={suggested.date} min={earliest.date} required />
          <TextField name="time" type="time" label={t("inbox.snoozeClock")} defaultValue={suggested.time} required />
        </div>
        <div className="flex flex-wrap gap-3">
          <SubmitButton>{t("inbox.snoozeSave")}</SubmitButton>
          <Link href={closeHref} scroll={false} replace className={buttonStyle("ghost")}>
            {t("common.cancel")}
          </Link>
        </div>
      </Form>
    </Dialog>
  );
}
