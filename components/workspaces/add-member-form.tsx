"use client";

import { useTranslations } from "next-intl";
import { Combobox } from "@/components/ui/combobox";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { addToWorkspaceAction } from "@/lib/organizations/workspaces/actions";

interface Props {
  organization: string;
  workspaceId: string;
  people: { id: string; name: string; email: string }[];
}

export function AddMemberForm({ organization, workspaceId, people }: Props) {
  const t = useTranslations("workspaces.members");
  return (
    <Form action={addToWorkspaceAction.bind(null, organization, workspaceId)} aria-label={t("add")}>
      <div className="flex flex-wrap items-end gap-3">
        <Combobox
          // Empty again once somebody was added: they are not among these people any more.
          key={people.length}
          name="memberIds"
          label={t("add")}
          items={people.map(({ id, name, email }) => ({ value: id, label: name, detail: name === email ? undefined : email }))}
          className="flex-1 basis-56"
        />
        <SubmitButton variant="secondary">{t("addSubmit")}</SubmitButton>
      </div>
    </Form>
  );
}
