"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { buttonStyle } from "@/components/ui/button-style";
import { Dialog } from "@/components/ui/dialog";
import { Form, type FormAction } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextArea } from "@/components/ui/text-area";

interface Props {
  action: FormAction<unknown>;
  /** This page, with the question open: where the link leads without scripts. */
  askHref: string;
  /** This page without it. */
  keepHref: string;
  asked: boolean;
  guestCount: number;
}

/** Asks before it cancels, and for the reason that everybody will read. */
export function CancelMeeting({ action, askHref, keepHref, asked, guestCount }: Props) {
  const t = useTranslations("meetings");
  const [open, setOpen] = useState(asked);
  const ask = (event: { preventDefault: () => void }) => {
    event.preventDefault();
    setOpen(true);
  };
  const keep = (event: { preventDefault: () => void }) => {
    event.preventDefault();
    setOpen(false);
  };
  return (
    <>
      <Link href={askHref} onClick={ask} scroll={false} className={buttonStyle("danger")}>
        {t("cancelMeeting")}
      </Link>
      <Dialog open={open} onClose={() => setOpen(false)} title={t("cancelQuestion")}>
        <Form action={action}>
          <p className="text-sm text-ink-muted">{t("cancelText", { count: guestCount })}</p>
          <TextArea name="reason" label={t("cancelReason")} rows={2} maxLength={500} optional />
          <div className="flex flex-wrap gap-3">
            <SubmitButton variant="danger">{t("cancelMeeting")}</SubmitButton>
            <Link href={keepHref} onClick={keep} scroll={false} className={buttonStyle("ghost")}>
              {t("keepMeeting")}
            </Link>
          </div>
        </Form>
      </Dialog>
    </>
  );
}
