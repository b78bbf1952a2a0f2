"use client";

import { useTranslations } from "next-intl";
import { Saved } from "@/components/settings/saved";
import { CheckboxField } from "@/components/ui/checkbox-field";
import { Form, type FormAction } from "@/components/ui/form";
import { SelectField, type Option } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";

interface Props {
  action: FormAction<unknown>;
  digestTime: string;
  digestWeekday: number;
  pushDetails: boolean;
  weekdays: Option[];
  zone: string;
}

export function DigestForm({ action, digestTime, digestWeekday, pushDetails, weekdays, zone }: Props) {
  const t = useTranslations("preferences.digest");
  return (
    <Form action={action}>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField name="digestTime" type="time" label={t("time")} hint={t("timeHint", { zone })} defaultValue={digestTime} required />
        <SelectField name="digestWeekday" label={t("weekday")} defaultValue={String(digestWeekday)} options={weekdays} />
      </div>
      <CheckboxField name="pushDetails" label={t("pushDetails")} hint={t("pushDetailsHint")} defaultChecked={pushDetails} />
      <div className="flex items-center gap-3">
        <SubmitButton>{t("save")}</SubmitButton>
        <Saved>{t("saved")}</Saved>
      </div>
    </Form>
  );
}
