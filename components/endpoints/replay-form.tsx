"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { replayEndpointAction, type Replayed } from "@/lib/integrations/outgoing/actions";

interface Props {
  organization: string;
  endpointId: string;
  /** In which zone the times are read. */
  zone: string;
  from: string;
  to: string;
}

export function ReplayForm({ organization, endpointId, zone, from, to }: Props) {
  const t = useTranslations("endpoints.replay");
  return (
    <Form action={replayEndpointAction.bind(null, organization, endpointId)} className="gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="from" type="datetime-local" label={t("from")} defaultValue={from} required />
        <TextField name="to" type="datetime-local" label={t("to")} hint={t("zone", { zone })} defaultValue={to} required />
      </div>
      <Outcome />
      <SubmitButton variant="secondary" className="self-start">
        {t("button")}
      </SubmitButton>
    </Form>
  );
}

function Outcome() {
  const { state, pending } = useFormContext();
  const t = useTranslations("endpoints.replay");
  const result: unknown = state.status === "done" && !pending ? state.result : null;
  return (
    <p role="status" className="text-sm text-positive empty:hidden">
      {isReplayed(result) && t("done", { count: result.replayed })}
    </p>
  );
}

const isReplayed = (result: unknown): result is Replayed => typeof result === "object" && result !== null && "replayed" in result && typeof result.replayed === "number";
