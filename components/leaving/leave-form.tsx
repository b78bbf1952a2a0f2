"use client";

import { useTranslations } from "next-intl";
import { Form, type FormAction } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import type { Left } from "@/lib/notifications/leaving/actions";

interface Props {
  action: FormAction<Left>;
  left: boolean;
  address: string;
  /** Whoever left a digest earlier chooses anew in the settings: nobody remembers what it held. */
  mayReturn: boolean;
}

/** One button each way. Opening the page does nothing; the answer of the button remembers what was chosen before. */
export function LeaveForm({ action, ...rest }: Props) {
  return (
    <Form action={action}>
      <Fields {...rest} />
    </Form>
  );
}

function Fields({ left: leftBefore, address, mayReturn }: Omit<Props, "action">) {
  const t = useTranslations("leaving");
  const { state } = useFormContext();
  const result = state.status === "done" ? (state.result as Left | null) : null;
  const left = result?.left ?? leftBefore;
  const former = result?.former ?? [];
  if (!left) {
    return (
      <>
        {result && (
          <Notice tone="positive" role="status">
            {t("returned", { address })}
          </Notice>
        )}
        <SubmitButton key="leave" name="wish" value="leave" className="self-start">
          {t("leave")}
        </SubmitButton>
      </>
    );
  }
  return (
    <>
      <Notice tone="positive" role="status">
        {t("left", { address })}
      </Notice>
      {(mayReturn || former.length > 0) && (
        <>
          <input type="hidden" name="former" value={JSON.stringify(former)} />
          <SubmitButton key="return" name="wish" value="return" variant="secondary" className="self-start">
            {t("return")}
          </SubmitButton>
        </>
      )}
    </>
  );
}
