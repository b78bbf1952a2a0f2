"use client";

import { useTranslations } from "next-intl";
import { useRef } from "react";
import { buttonStyle } from "@/components/ui/button-style";

interface Choice {
  value: string;
  label: string;
}

interface Props {
  organization: string;
  sites: Choice[];
  projects: Choice[];
  types: Choice[];
  chosen: { connection: string; project: string; type: string };
}

/** Where a new issue goes. Each choice decides what may be chosen next, so it asks for the page anew: by itself, or with its button. */
export function PlaceForm({ organization, sites, projects, types, chosen }: Props) {
  const t = useTranslations("issues");
  const form = useRef<HTMLFormElement>(null);
  const fields = [
    ...(sites.length > 1 ? [{ name: "connection", label: t("search.site"), options: sites, value: chosen.connection }] : []),
    { name: "project", label: t("detail.project"), options: projects, value: chosen.project },
    { name: "type", label: t("detail.type"), options: types, value: chosen.type },
  ];
  return (
    <form ref={form} action={`/${organization}/issues/new`} aria-label={t("create.where")} className="mb-6 flex flex-wrap items-end gap-3">
      {fields.map(({ name, label, options, value }) => (
        <div key={name} className="min-w-0 basis-52 max-sm:flex-1">
          <label htmlFor={`place-${name}`} className="mb-1.5 block text-sm font-medium">
            {label}
          </label>
          <select key={value} id={`place-${name}`} name={name} className="control" defaultValue={value} onChange={() => form.current?.requestSubmit()}>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </div>
      ))}
      <button type="submit" className={buttonStyle("secondary", "md", "hidden no-js:inline-flex")}>
        {t("create.show")}
      </button>
    </form>
  );
}
