"use client";

import { useTranslations } from "next-intl";
import { Form, type FormAction } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { SubmitButton } from "@/components/ui/submit-button";

interface Outcome {
  replayed: number;
  overtaken: number;
  more: boolean;
}

interface Props {
  action: FormAction<Outcome>;
  values: Record<string, string>;
  count: number;
  "aria-label": string;
}

/** Sends everything again that died of the same, and says what came of it. */
export function ReplayGroup({ action, values, count, "aria-label": label }: Props) {
  const t = useTranslations("console");
  return (
    <Form action={action} className="items-start gap-2">
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Said />
      <SubmitButton size="sm" variant="secondary">
        <span aria-hidden="true">{t("dead.replayAll", { count })}</span>
        <span className="sr-only">{label}</span>
      </SubmitButton>
    </Form>
  );
}

/** Part of it may be left: the group then stays on the page. */
function Said() {
  const t = useTranslations("console");
  const { state } = useFormContext();
  const outcome = state.status === "done" ? (state.result as Outcome | null) : null;
  if (!outcome) return null;
  const { replayed, overtaken, more } = outcome;
  return (
    <p role="status" className="text-sm">
      {[t("replayed", { replayed }), ...(overtaken > 0 ? [t("overtaken", { overtaken })] : []), ...(more ? [t("more")] : [])].join(" ")}
    </p>
  );
}
