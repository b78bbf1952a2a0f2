"use client";

import { useTranslations } from "next-intl";
import { Form, type FormAction } from "@/components/ui/form";
import { useField } from "@/components/ui/form-context";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import type { CreateScreen } from "@/lib/integrations/plugins/jira/issues";

interface Props {
  action: FormAction<unknown>;
  connectionId: string;
  project: string;
  typeId: string;
  screen: CreateScreen;
  people: { id: string; name: string }[];
  idempotencyKey: string;
}

export function CreateForm({ action, connectionId, project, typeId, screen, people, idempotencyKey }: Props) {
  const t = useTranslations("issues.create");
  return (
    <Form action={action} className="max-w-2xl">
      <input type="hidden" name="connection" value={connectionId} />
      <input type="hidden" name="project" value={project} />
      <input type="hidden" name="typeId" value={typeId} />
      <KeptKey value={idempotencyKey} />
      <TextField name="summary" label={t("summary")} maxLength={255} autoComplete="off" required />
      {screen.has.description && <TextArea name="description" label={t("description")} hint={t("descriptionHint")} rows={6} maxLength={30_000} optional />}
      <div className="grid gap-5 sm:grid-cols-2">
        {screen.has.assignee && (
          <SelectField name="assigneeId" label={t("assignee")} options={[{ value: "", label: t("automatic") }, ...people.map(({ id, name }) => ({ value: id, label: name }))]} />
        )}
        {screen.has.priority && screen.priorities.length > 0 && (
          <SelectField
            name="priorityId"
            label={t("priority")}
            defaultValue={screen.defaultPriorityId ?? ""}
            options={[...(screen.defaultPriorityId ? [] : [{ value: "", label: t("defaultPriority") }]), ...screen.priorities.map(({ id, name }) => ({ value: id, label: name }))]}
          />
        )}
      </div>
      {screen.has.labels && <TextField name="labels" label={t("labels")} hint={t("labelsHint")} maxLength={1000} autoComplete="off" optional />}
      <SubmitButton className="self-start">{t("submit")}</SubmitButton>
    </Form>
  );
}

/** After a refusal the same form is sent, and so the same key. */
function KeptKey({ value }: { value: string }) {
  const { typed } = useField("idempotencyKey");
  return <input type="hidden" name="idempotencyKey" value={typed ?? value} />;
}
