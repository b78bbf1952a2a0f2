"use client";

import { useTranslations } from "next-intl";
import { Form, type FormAction } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";

interface Props {
  action: FormAction<{ muted: boolean }>;
  muted: boolean;
  what: "meeting" | "article";
}

export function MuteForm({ action, muted, what }: Props) {
  return (
    <Form action={action}>
      <Fields muted={muted} what={what} />
    </Form>
  );
}

function Fields({ muted: mutedBefore, what }: Omit<Props, "action">) {
  const meeting = useTranslations("leaving.mute");
  const article = useTranslations("leaving.mute.article");
  const t = (key: "muted" | "unmuted" | "mute" | "unmute") => (what === "article" ? article(key) : meeting(key));
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
