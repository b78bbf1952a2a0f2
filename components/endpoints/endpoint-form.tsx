"use client";

import { useTranslations } from "next-intl";
import { Saved } from "@/components/settings/saved";
import { Form, type FormAction } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { changeEndpointAction, createEndpointAction } from "@/lib/integrations/outgoing/actions";

interface Props {
  organization: string;
  /** What there is already; a new one is added without. */
  endpoint?: { id: string; name: string; url: string; pauseAfterHours: number; version: number };
  hours: { most: number; usual: number };
}

export function EndpointForm({ organization, endpoint, hours }: Props) {
  const t = useTranslations("endpoints.form");
  const action: FormAction<unknown> = endpoint ? changeEndpointAction.bind(null, organization, endpoint.id, endpoint.version) : createEndpointAction.bind(null, organization);
  return (
    <Form action={action}>
      <TextField name="name" label={t("name")} hint={t("nameHint")} defaultValue={endpoint?.name} maxLength={80} autoComplete="off" required />
      <TextField name="url" type="url" label={t("url")} hint={t("urlHint")} defaultValue={endpoint?.url} placeholder="https://" maxLength={2000} autoComplete="off" spellCheck={false} required />
      <TextField
        name="pauseAfterHours"
        type="number"
        inputMode="numeric"
        label={t("hours")}
        hint={t("hoursHint")}
        defaultValue={String(endpoint?.pauseAfterHours ?? hours.usual)}
        min={1}
        max={hours.most}
        className="sm:max-w-56"
      />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton>{endpoint ? t("save") : t("create")}</SubmitButton>
        <Saved>{t("saved")}</Saved>
      </div>
    </Form>
  );
}
