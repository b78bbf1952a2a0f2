"use client";

import { useTranslations } from "next-intl";
import { Form, type FormAction } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";

interface Props {
  action: FormAction<{ muted: boolean }>;
  muted: boolean;
}

export function MuteForm({ action, muted }: Props) {
  return (
    <Form action={action}>
      <Fields muted={muted} />
    </Form>
  );
}

function Fields({ muted: mutedBefore }: Omit<Props, "action">) {
  const t = useTranslations("leaving.mute");
  const { state } = useFormContext();
  const result = state.status === "done" ? (state.result as { muted: boolean } | null) : null;
  const muted = result?.muted ?? mutedBefore;
  return (
    <>
      {(muted || result) && (
        <Notice tone="positive" role="status">
          {t(muted ? "muted" : "unmuted")}
        </Notice>
      )}
      <SubmitButton key={muted ? "unmute" : "mute"} name="wish" value={muted ? "unmute" : "mute"} variant={muted ? "secondary" : "primary"} className="self-start">
        {t(muted ? "unmute" : "mute")}
      </SubmitButton>
    </>
  );
}
