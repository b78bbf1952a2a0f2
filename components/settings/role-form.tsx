"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { changeRoleAction } from "@/lib/organizations/membership/actions";
import type { Role } from "@/lib/organizations/inputs";

interface Props {
  organization: string;
  member: { id: string; name: string; role: Role };
  roles: Role[];
}

export function RoleForm({ organization, member, roles }: Props) {
  const t = useTranslations("organizations");
  const label = t("members.roleOf", { name: member.name });
  return (
    <Form action={changeRoleAction.bind(null, organization)} className="gap-2" aria-label={label}>
      <input type="hidden" name="memberId" value={member.id} />
      <div className="flex items-center gap-2">
        <SelectField
          name="role"
          label={label}
          hideLabel
          defaultValue={member.role}
          options={roles.map((value) => ({ value, label: t(`roles.${value}`) }))}
          className="w-36"
        />
        <SubmitButton size="sm" variant="ghost">
          {t("members.changeRole")}
        </SubmitButton>
      </div>
    </Form>
  );
}
