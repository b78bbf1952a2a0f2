"use client";

import { useTranslations } from "next-intl";
import { Saved } from "@/components/settings/saved";
import { buttonStyle } from "@/components/ui/button-style";
import { Form } from "@/components/ui/form";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { placeDeviceAction, renameDeviceAction } from "@/lib/notifications/devices/actions";

interface Props {
  organization: string;
  device: { id: string; name: string; workspaceId: string | null };
}

export function PlaceDeviceForm({ organization, device, workspaces }: Props & { workspaces: { id: string; name: string }[] }) {
  const t = useTranslations("preferences.devices");
  const common = useTranslations("common");
  return (
    <Form action={placeDeviceAction.bind(null, organization)} className="gap-2!" aria-label={t("workspaceNamed", { name: device.name })}>
      <input type="hidden" name="deviceId" value={device.id} />
      <div className="flex flex-wrap items-center gap-2">
        <SelectField
          name="workspaceId"
          label={t("workspaceNamed", { name: device.name })}
          hideLabel
          defaultValue={device.workspaceId ?? ""}
          options={[{ value: "", label: t("allWorkspaces") }, ...workspaces.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(event) => event.currentTarget.form?.requestSubmit()}
          className="w-52 max-w-full"
        />
        <span className="hidden no-js:block">
          <SubmitButton size="sm" variant="secondary">
            {common("save")}
          </SubmitButton>
        </span>
        <Saved>{t("saved")}</Saved>
      </div>
    </Form>
  );
}

export function RenameDeviceForm({ organization, device }: Props) {
  const t = useTranslations("preferences.devices");
  return (
    <details>
      <summary className={buttonStyle("ghost", "sm", "cursor-pointer")}>
        <span aria-hidden="true">{t("rename")}</span>
        <span className="sr-only">{t("renameNamed", { name: device.name })}</span>
      </summary>
      <Form action={renameDeviceAction.bind(null, organization)} className="mt-2 gap-2!" aria-label={t("renameNamed", { name: device.name })}>
        <input type="hidden" name="deviceId" value={device.id} />
        <div className="flex flex-wrap items-end gap-2">
          <TextField name="name" label={t("name")} defaultValue={device.name} maxLength={60} className="flex-1 basis-40" required />
          <SubmitButton variant="secondary">{t("save")}</SubmitButton>
          <Saved>{t("saved")}</Saved>
        </div>
      </Form>
    </details>
  );
}
