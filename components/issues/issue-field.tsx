"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useId, useState } from "react";
import { Form, type FormAction } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { useToast } from "@/components/ui/toast";

interface Props {
  action: FormAction<unknown>;
  organization: string;
  /** Whether Jira can be asked in this person's name. */
  suggests: boolean;
}

interface Suggestion {
  key: string;
  summary: string;
}

const asksAfterMs = 250;

/** A key, or words to find it by; without scripts, and without an account to search with, the key alone. */
export function AddIssueForm({ action, organization, suggests }: Props) {
  const t = useTranslations("issues.ofMeeting");
  const router = useRouter();
  const toast = useToast();
  const listId = useId();
  const [typed, setTyped] = useState("");
  const suggestions = useSuggestions(organization, suggests ? typed : "");
  const done = () => {
    toast({ text: t("added") });
    router.refresh();
  };
  return (
    <Form action={action} onDone={done} resetOnDone className="gap-2">
      <div className="flex items-start gap-2">
        <TextField
          name="issue"
          label={t("label")}
          hideLabel
          hint={t("hint")}
          className="flex-1"
          list={listId}
          autoComplete="off"
          maxLength={2000}
          required
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <SubmitButton variant="secondary">{t("add")}</SubmitButton>
      </div>
      <datalist id={listId}>
        {suggestions.map(({ key, summary }) => (
          <option key={key} value={key}>
            {summary}
          </option>
        ))}
      </datalist>
    </Form>
  );
}

function useSuggestions(organization: string, typed: string): Suggestion[] {
  const [found, setFound] = useState<Suggestion[]>([]);
  const text = typed.trim();
  useEffect(() => {
    if (text.length < 2) return;
    const asking = new AbortController();
    const timer = setTimeout(() => {
      fetch(`/api/issues?${new URLSearchParams({ organization, text, limit: "8" })}`, { signal: asking.signal })
        .then((response): Promise<unknown> => (response.ok ? response.json() : Promise.resolve(null)))
        .then((answer) => setFound(suggestionsOf(answer)))
        // Not reachable just now: the key can be typed all the same.
        .catch(() => undefined);
    }, asksAfterMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [organization, text]);
  return text.length < 2 ? [] : found;
}

function suggestionsOf(answer: unknown): Suggestion[] {
  if (typeof answer !== "object" || answer === null || !("issues" in answer) || !Array.isArray(answer.issues)) return [];
  return answer.issues.flatMap((issue: unknown) =>
    typeof issue === "object" && issue !== null && "key" in issue && typeof issue.key === "string" && "summary" in issue && typeof issue.summary === "string"
      ? [{ key: issue.key, summary: issue.summary }]
      : [],
  );
}
