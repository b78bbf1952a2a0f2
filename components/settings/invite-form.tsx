"use client";

import { useTranslations } from "next-intl";
import { Form } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { RadioGroup } from "@/components/ui/radio-group";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextArea } from "@/components/ui/text-area";
import { inviteMembersAction } from "@/lib/organizations/invitations/actions";
import type { InviteOutcome } from "@/lib/organizations/invitations/commands";
import type { Role } from "@/lib/organizations/inputs";

interface Props {
  organization: string;
  roles: Role[];
  workspaces: { id: string; name: string }[];
}

export function InviteForm({ organization, roles, workspaces }: Props) {
  const t = useTranslations("organizations");
  return (
    <Form action={inviteMembersAction.bind(null, organization)} resetOnDone>
      <TextArea
        name="addresses"
        label={t("invite.addresses")}
        hint={t("invite.addressesHint", { example: "Sam Kim <sam@example.com>" })}
        rows={3}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <RadioGroup
        name="role"
        label={t("invite.role")}
        defaultValue="member"
        choices={[...roles].reverse().map((role) => ({ value: role, label: t(`roles.${role}`), hint: t(`roleHints.${role}`) }))}
      />
      {workspaces.length > 1 && (
        <SelectField
          name="workspaceId"
          label={t("invite.workspace")}
          options={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <SubmitButton className="self-start">{t("invite.submit")}</SubmitButton>
      <Outcomes />
    </Form>
  );
}

/** What became of every address, so that nobody has to compare lists. */
function Outcomes() {
  const { state } = useFormContext();
  const t = useTranslations("organizations.invite.outcomes");
  if (state.status !== "done" || !hasOutcomes(state.result)) return null;
  const { outcomes } = state.result;
  const count = outcomes.filter(({ outcome }) => outcome === "invited" || outcome === "renewed").length;
  return (
    <Notice tone={count > 0 ? "positive" : "caution"} role="status" title={t("title", { count })}>
      <ul className="mt-1.5 space-y-1">
        {outcomes.map(({ entry, outcome }) => (
          <li key={entry} className="flex flex-wrap justify-between gap-x-4">
            <span className="min-w-0 break-all">{entry}</span>
            <span className="text-ink-muted">{t(outcome)}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

const hasOutcomes = (result: unknown): result is { outcomes: InviteOutcome[] } =>
  typeof result === "object" && result !== null && "outcomes" in result;
