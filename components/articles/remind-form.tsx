"use client";

import { BellRing } from "lucide-react";
import { useTranslations } from "next-intl";
import { Form, type FormAction } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { useToast } from "@/components/ui/toast";

interface Props {
  action: FormAction<{ reminded: number }>;
  waiting: number;
  /** Once a day at most: the button goes when it was pressed. The form stays, to say what came of it. */
  may: boolean;
}

export function RemindForm({ action, waiting, may }: Props) {
  const t = useTranslations("news.readers");
  const toast = useToast();
  return (
    <Form action={action} onDone={(result) => toast({ text: t("reminded", { count: result?.reminded ?? 0 }) })}>
      {may && (
        <SubmitButton variant="secondary">
          <BellRing aria-hidden className="size-4" />
          {t("remind", { count: waiting })}
        </SubmitButton>
      )}
    </Form>
  );
}
