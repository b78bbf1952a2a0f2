"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/ui/button-style";
import { Dialog } from "@/components/ui/dialog";
import { Form, type FormAction } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";

interface Props {
  action: FormAction<unknown>;
  title: string;
  text: string;
  /** What the button does, in a word. */
  act: string;
  danger?: boolean;
  /** The page without the question. */
  closeHref: string;
}

/** A question before something far-reaching. It is a page of its own, so that it works before scripts; scripts make it a dialog. */
export function AskDialog({ action, title, text, act, danger = false, closeHref }: Props) {
  const t = useTranslations("common");
  const router = useRouter();
  const close = () => router.replace(closeHref, { scroll: false });
  return (
    <Dialog open onClose={close} title={title}>
      <p className="mb-5 text-pretty">{text}</p>
      <Form action={action} onDone={close}>
        <div className="flex flex-wrap gap-3">
          <SubmitButton variant={danger ? "danger" : "primary"}>{act}</SubmitButton>
          <Link href={closeHref} scroll={false} replace className={buttonStyle("ghost")}>
            {t("cancel")}
          </Link>
        </div>
      </Form>
    </Dialog>
  );
}
