"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { Form, type FormAction } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { SubmitButton } from "@/components/ui/submit-button";
import { rotateEndpointSecretAction, showSecretAction, type ShownSecret } from "@/lib/integrations/outgoing/actions";

interface Props {
  organization: string;
  endpointId: string;
}

/** Hidden until somebody asks, because screens are shared more often than secrets should be. */
export function ShowSecret({ organization, endpointId }: Props) {
  const t = useTranslations("endpoints.secret");
  return (
    <Asking action={showSecretAction.bind(null, organization)} endpointId={endpointId}>
      <SubmitButton variant="secondary" size="sm" className="self-start">
        {t("show")}
      </SubmitButton>
    </Asking>
  );
}

export function RotateSecret({ organization, endpointId }: Props) {
  const t = useTranslations("endpoints.secret");
  return (
    <details className="text-sm">
      <summary className="inline-flex min-h-8 cursor-pointer items-center font-medium">{t("rotate")}</summary>
      <p className="mt-1 mb-3 text-ink-muted">{t("rotateHint")}</p>
      <Asking action={rotateEndpointSecretAction.bind(null, organization)} endpointId={endpointId}>
        <SubmitButton variant="secondary" size="sm" className="self-start">
          {t("rotateNow")}
        </SubmitButton>
      </Asking>
    </details>
  );
}

function Asking({ action, endpointId, children }: { action: FormAction<ShownSecret>; endpointId: string; children: ReactNode }) {
  return (
    <Form action={action} className="gap-3">
      <input type="hidden" name="endpointId" value={endpointId} />
      <Answer>{children}</Answer>
    </Form>
  );
}

function Answer({ children }: { children: ReactNode }) {
  const { state } = useFormContext();
  const result: unknown = state.status === "done" ? state.result : null;
  return <div role="status">{isSecret(result) ? <SecretLine secret={result.secret} /> : children}</div>;
}

export function SecretLine({ secret }: { secret: string }) {
  const t = useTranslations("endpoints.secret");
  return (
    <div className="flex flex-wrap items-center gap-2">
      <code aria-label={t("title")} className="min-w-0 rounded-md border border-line bg-sunken px-2 py-1 text-xs break-all" data-testid="endpoint-secret">
        {secret}
      </code>
      <CopyButton text={secret} label={t("copy")} />
    </div>
  );
}

const isSecret = (result: unknown): result is ShownSecret => typeof result === "object" && result !== null && "secret" in result && typeof result.secret === "string";
