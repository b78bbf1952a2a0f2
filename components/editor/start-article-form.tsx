"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { RadioGroup } from "@/components/ui/radio-group";
import { SubmitButton } from "@/components/ui/submit-button";
import { startArticleAction } from "@/lib/feed/articles/actions";

interface Props {
  organization: string;
  workspace: string;
  feeds: { id: string; name: string; hint: string | null }[];
  chosen: string;
  /** Makes a double press and a refreshed page start one draft. */
  idempotencyKey: string;
}

/** Starts a draft. A button, not a link: looking at a page makes nothing. */
export function StartArticleForm({ organization, workspace, feeds, chosen, idempotencyKey }: Props) {
  const t = useTranslations("editor.start");
  return (
    <Form action={startArticleAction.bind(null, organization, workspace)}>
      <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
      {feeds.length > 1 ? (
        <RadioGroup name="feedId" label={t("feed")} defaultValue={chosen} choices={feeds.map(({ id, name, hint }) => ({ value: id, label: name, hint: hint ?? undefined }))} />
      ) : (
        <input type="hidden" name="feedId" value={chosen} />
      )}
      <div>
        <SubmitButton>{t("begin")}</SubmitButton>
      </div>
    </Form>
  );
}
