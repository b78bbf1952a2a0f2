"use client";

import { useTranslations } from "next-intl";
import { useBrowserTimeZone } from "@/components/auth/browser-time-zone";
import { Form } from "@/components/ui/form";
import { SelectField, type Option } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { localeNames, locales } from "@/lib/platform/i18n/locales";
import { changeProfileAction } from "@/lib/organizations/account/actions";
import type { ProfileInput } from "@/lib/organizations/account/inputs";
import { Saved } from "./saved";

interface Props {
  profile: { name: string | null; email: string; locale: string; timeZone: string; hourCycle: string; weekStart: string };
  zones: Option[];
  /** Given by the page, because the schema they belong to would bring a validator along that the browser has no use for. */
  hourCycles: readonly ProfileInput["hourCycle"][];
  weekStarts: readonly ProfileInput["weekStart"][];
}

export function ProfileForm({ profile, zones, hourCycles, weekStarts }: Props) {
  const t = useTranslations("settings.profile");
  const browserZone = useBrowserTimeZone();
  const here = zones.find(({ value }) => value === browserZone);
  const away = here && here.value !== profile.timeZone ? ` ${t("browserZone", { zone: here.label })}` : "";
  return (
    <Form action={changeProfileAction}>
      <TextField name="name" label={t("name")} defaultValue={profile.name ?? ""} autoComplete="name" maxLength={80} required />
      <TextField name="email" label={t("email")} defaultValue={profile.email} type="email" readOnly />
      <SelectField
        name="locale"
        label={t("locale")}
        hint={t("localeHint")}
        defaultValue={profile.locale}
        options={locales.map((value) => ({ value, label: localeNames[value] }))}
      />
      <SelectField name="timeZone" label={t("timeZone")} hint={t("timeZoneHint") + away} defaultValue={profile.timeZone} options={zones} />
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          name="hourCycle"
          label={t("hourCycle")}
          defaultValue={profile.hourCycle}
          options={hourCycles.map((value) => ({ value, label: t(`hourCycles.${value}`) }))}
        />
        <SelectField
          name="weekStart"
          label={t("weekStart")}
          defaultValue={profile.weekStart}
          options={weekStarts.map((value) => ({ value, label: t(`weekStarts.${value}`) }))}
        />
      </div>
      <div className="flex items-center gap-3">
        <SubmitButton>{t("save")}</SubmitButton>
        <Saved>{t("saved")}</Saved>
      </div>
    </Form>
  );
}
