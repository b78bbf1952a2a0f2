"use client";

import { useTranslations } from "next-intl";
import { buttonStyle } from "@/components/ui/button-style";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { createWorkspaceAction, renameWorkspaceAction } from "@/lib/organizations/actions";

export function CreateWorkspaceForm({ organization }: { organization: string }) {
  const t = useTranslations("settings.organization");
  return (
    <Form action={createWorkspaceAction.bind(null, organization)} resetOnDone aria-label={t("createWorkspace")}>
      <div className="flex flex-wrap items-end gap-3">
        <TextField name="name" label={t("createWorkspace")} maxLength={80} className="flex-1 basis-48" required />
        <SubmitButton variant="secondary">{t("create")}</SubmitButton>
      </div>
    </Form>
  );
}

export function RenameWorkspaceForm({ organization, workspace }: { organization: string; workspace: { id: string; name: string } }) {
  const t = useTranslations("settings.organization");
  return (
    <details>
      <summary className={buttonStyle("ghost", "sm", "cursor-pointer list-none [&::-webkit-details-marker]:hidden")}>
        <span aria-hidden="true">{t("rename")}</span>
        <span className="sr-only">{t("renameNamed", { name: workspace.name })}</span>
      </summary>
      <Form action={renameWorkspaceAction.bind(null, organization)} className="mt-2 gap-2" aria-label={t("renameNamed", { name: workspace.name })}>
        <input type="hidden" name="workspaceId" value={workspace.id} />
        <div className="flex flex-wrap items-end gap-2">
          <TextField name="name" label={t("workspaceName")} defaultValue={workspace.name} maxLength={80} className="flex-1 basis-40" required />
          <SubmitButton variant="secondary">{t("rename")}</SubmitButton>
        </div>
      </Form>
    </details>
  );
}
