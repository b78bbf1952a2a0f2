"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { SelectField, type Option } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { localeNames, locales } from "@/lib/platform/i18n/locales";
import { changeOrganizationAction } from "@/lib/organizations/actions";
import { Saved } from "./saved";

interface Props {
  settings: { name: string; slug: string; locale: string; timeZone: string };
  zones: Option[];
}

export function OrganizationForm({ settings, zones }: Props) {
  const t = useTranslations("settings.organization");
  return (
    <Form action={changeOrganizationAction.bind(null, settings.slug)}>
      <TextField name="name" label={t("name")} defaultValue={settings.name} maxLength={80} required />
      <TextField name="slug" label={t("address")} hint={t("addressHint")} defaultValue={`/${settings.slug}`} readOnly />
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          name="locale"
          label={t("locale")}
          hint={t("localeHint")}
          defaultValue={settings.locale}
          options={locales.map((value) => ({ value, label: localeNames[value] }))}
        />
        <SelectField name="timeZone" label={t("timeZone")} defaultValue={settings.timeZone} options={zones} />
      </div>
      <div className="flex items-center gap-3">
        <SubmitButton>{t("save")}</SubmitButton>
        <Saved>{t("saved")}</Saved>
      </div>
    </Form>
  );
}
