"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { FieldNotes } from "@/components/ui/field";
import { useField, useFormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { connectSitesAction, type ConnectedSome } from "@/lib/integrations/connections/actions";
import type { SiteChoice } from "@/lib/integrations/connections/sites/queries";

interface Props {
  organization: string;
  credentialId: string;
  sites: Pick<SiteChoice, "cloudId" | "name" | "url" | "standing">[];
}

export function ChooseSitesForm({ organization, credentialId, sites }: Props) {
  const t = useTranslations("integrations.sites");
  return (
    <Form action={connectSitesAction.bind(null, organization)}>
      <input type="hidden" name="credentialId" value={credentialId} />
      <Outcome organization={organization} />
      <Choices sites={sites} />
      <SubmitButton className="self-start">{t("connect")}</SubmitButton>
    </Form>
  );
}

/** A single site that can be connected is what the person came for. */
function Choices({ sites }: Pick<Props, "sites">) {
  const t = useTranslations("integrations.sites");
  const { id, faults, typedAll, refused, control } = useField("cloudIds");
  const free = sites.filter(({ standing }) => standing === "free");
  return (
    <fieldset aria-describedby={control["aria-describedby"]}>
      <legend className="mb-1.5 text-sm font-medium">{t("legend")}</legend>
      <ul className="flex flex-col gap-3">
        {sites.map(({ cloudId, name, url, standing }, index) => (
          <li key={cloudId}>
            <label className="flex min-h-9 items-start gap-3 text-sm">
              <input
                type="checkbox"
                id={index === 0 ? id : undefined}
                name="cloudIds"
                value={cloudId}
                disabled={standing === "taken"}
                defaultChecked={refused ? typedAll?.includes(cloudId) : standing === "free" && free.length === 1}
                aria-invalid={control["aria-invalid"]}
                className="mt-0.5 size-5 shrink-0 accent-accent"
              />
              <span className="min-w-0">
                <span className="font-medium break-words">{name}</span> <span className="break-all text-ink-muted">{url.replace(/^https?:\/\//, "")}</span>
                {standing !== "free" && <span className="block text-xs text-ink-muted">{t(standing)}</span>}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <FieldNotes id={id} faults={faults} />
    </fieldset>
  );
}

/** Some were connected and some belong to others: both are said, by name. */
function Outcome({ organization }: Pick<Props, "organization">) {
  const { state } = useFormContext();
  const t = useTranslations("integrations.sites");
  if (state.status !== "done" || !isPart(state.result)) return null;
  const { connected, taken } = state.result;
  return (
    <Notice tone="caution" role="status" title={t("partTitle")}>
      <p>{t("partConnected", { names: connected.join(", ") })}</p>
      <p>{t("partTaken", { names: taken.join(", ") })}</p>
      <Link href={`/${organization}/settings/integrations`} className="mt-2 inline-flex min-h-8 items-center text-accent-ink underline">
        {t("goOn")}
      </Link>
    </Notice>
  );
}

const isPart = (result: unknown): result is ConnectedSome => typeof result === "object" && result !== null && "taken" in result && "connected" in result;
