"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { replaySubscriptionAction } from "@/lib/integrations/subscriptions/wishes/actions";
import { replayDays } from "@/lib/integrations/subscriptions/choices/inputs";

/** The last days of a subscription once more. */
export function ReplayForm({ organization, subscriptionId, toEndpoint }: { organization: string; subscriptionId: string; toEndpoint: boolean }) {
  const t = useTranslations("subscriptions.replay");
  return (
    <Form action={replaySubscriptionAction.bind(null, organization)} className="gap-4">
      <input type="hidden" name="subscriptionId" value={subscriptionId} />
      <p className="text-sm text-ink-muted">{t(toEndpoint ? "endpoint" : "people")}</p>
      <SelectField name="days" label={t("days")} options={replayDays.map((days) => ({ value: String(days), label: t("dayCount", { count: days }) }))} defaultValue="1" className="sm:max-w-60" />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton variant="secondary">{t("go")}</SubmitButton>
        <Done />
      </div>
    </Form>
  );
}

function Done() {
  const { state, pending } = useFormContext();
  const t = useTranslations("subscriptions.replay");
  const { result } = state;
  const replayed = state.status === "done" && !pending && typeof result === "object" && result !== null && "replayed" in result && typeof result.replayed === "number" ? result.replayed : null;
  return (
    <p role="status" className="text-sm text-positive">
      {replayed !== null && t("done", { count: replayed })}
    </p>
  );
}
