"use client";

import { useTranslations } from "next-intl";
import { Combobox, type ComboboxItem } from "@/components/ui/combobox";
import { Form } from "@/components/ui/form";
import { SelectField, type Option } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { Saved } from "@/components/settings/saved";
import { openProjectAction } from "@/lib/integrations/connections/open-projects/actions";

interface Props {
  organization: string;
  connectionId: string;
  /** Null while Jira cannot be asked: then the project is written. */
  projects: ComboboxItem[] | null;
  workspaces: Option[];
}

/** A project, and the workspace whose people may hear of it. */
export function OpenProjectForm({ organization, connectionId, projects, workspaces }: Props) {
  const t = useTranslations("subscriptions.open");
  return (
    <Form action={openProjectAction.bind(null, organization, connectionId)}>
      <div className="grid gap-5 sm:grid-cols-2">
        {projects ? (
          <Combobox name="project" label={t("project")} items={projects} defaultValue={projects[0]?.value} />
        ) : (
          <TextField name="project" label={t("project")} hint={t("typedHint")} maxLength={130} autoComplete="off" required />
        )}
        <SelectField name="workspaceId" label={t("workspace")} options={workspaces} />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton>{t("open")}</SubmitButton>
        <Saved>{t("opened")}</Saved>
      </div>
    </Form>
  );
}
