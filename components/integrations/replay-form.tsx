"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { replayRangeAction, replayWebhookAction, type Replayed } from "@/lib/integrations/connections/log/actions";

interface RangeProps {
  organization: string;
  connectionId: string;
  /** In which zone the times are read. */
  zone: string;
  from: string;
  to: string;
}

/** Lets everything of a time go through again. */
export function ReplayRangeForm({ organization, connectionId, zone, from, to }: RangeProps) {
  const t = useTranslations("integrations.log");
  return (
    <Form action={replayRangeAction.bind(null, organization)} className="gap-4">
      <input type="hidden" name="connectionId" value={connectionId} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="from" type="datetime-local" label={t("from")} defaultValue={from} required />
        <TextField name="to" type="datetime-local" label={t("to")} hint={t("zone", { zone })} defaultValue={to} required />
      </div>
      <Outcome />
      <SubmitButton variant="secondary" className="self-start">
        {t("replay")}
      </SubmitButton>
    </Form>
  );
}

/** Lets one event go through again. */
export function ReplayOneForm({ organization, connectionId, webhookId }: { organization: string; connectionId: string; webhookId: string }) {
  const t = useTranslations("integrations");
  return (
    <Form action={replayWebhookAction.bind(null, organization)} className="gap-2">
      <input type="hidden" name="connectionId" value={connectionId} />
      <input type="hidden" name="webhookId" value={webhookId} />
      <SubmitButton variant="secondary" size="sm" className="self-start">
        {t("event.replay")}
      </SubmitButton>
      <Outcome />
    </Form>
  );
}

function Outcome() {
  const { state, pending } = useFormContext();
  const t = useTranslations("integrations.log");
  const done = state.status === "done" && !pending && isReplayed(state.result) ? state.result : null;
  return (
    <p role="status" className="text-sm text-positive empty:hidden">
      {done && t("replayDone", { count: done.count })}
    </p>
  );
}

const isReplayed = (result: unknown): result is Replayed => typeof result === "object" && result !== null && "count" in result && typeof result.count === "number";
