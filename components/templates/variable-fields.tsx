"use client";

import { useTranslations } from "next-intl";
import { Card } from "@/components/ui/card";
import { useFormContext } from "@/components/ui/form-context";
import { TextField } from "@/components/ui/text-field";
import type { TemplateVariable } from "@/lib/notifications/custom-templates/inputs";

/** A row for each variable that the texts name: nobody declares what can be read from the text. */
export function VariableFields({ variables }: { variables: TemplateVariable[] }) {
  const t = useTranslations("templates.variables");
  const { state, id } = useFormContext();
  const refused = state.status === "refused";
  return (
    <Card id="variables" title={t("title")}>
      {variables.length === 0 ? (
        <p className="text-sm text-ink-muted">{t("none")}</p>
      ) : (
        <ul className="flex flex-col gap-4">
          {variables.map(({ name, sample, required }) => (
            <li key={name} className="grid items-end gap-x-5 gap-y-2 sm:grid-cols-[1fr_auto]">
              <TextField
                name={`sample.${name}`}
                label={
                  <>
                    <code>{`{{${name}}}`}</code> <span className="font-normal text-ink-muted">{t("sample")}</span>
                  </>
                }
                defaultValue={sample}
                maxLength={2000}
                autoComplete="off"
              />
              <label className="flex min-h-10 items-center gap-2.5 text-sm">
                <input
                  type="checkbox"
                  id={`${id}optional.${name}`}
                  name={`optional.${name}`}
                  defaultChecked={refused ? state.values[`optional.${name}`] !== undefined : !required}
                  className="size-5 shrink-0 accent-accent"
                />
                <span aria-hidden="true">{t("optional")}</span>
                <span className="sr-only">{t("optionalNamed", { name })}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
