"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Form, type FormAction } from "@/components/ui/form";
import { MenuButton } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import type { FormState } from "@/lib/platform/form-state";

interface Props {
  action: FormAction<unknown>;
  values?: Record<string, string>;
  children: ReactNode;
}

/** One line of a menu that acts; why it was refused is said in passing. */
export function ActItem({ action, values = {}, children }: Props) {
  const t = useTranslations();
  const toast = useToast();
  const refused = (state: FormState) => {
    const fault = Object.values(state.fields).flat()[0];
    const known = fault && t.has(`faults.${fault.code as "invalid"}`);
    toast({ text: known ? t(`faults.${fault.code as "invalid"}`, fault.values) : t(`refusals.${state.refusal ?? "UNEXPECTED"}`) });
  };
  return (
    <Form action={action} quiet className="gap-0" onRefused={refused}>
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <MenuButton type="submit">{children}</MenuButton>
    </Form>
  );
}
