"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Form, type FormAction } from "@/components/ui/form";
import { useField, useFormContext } from "@/components/ui/form-context";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextArea } from "@/components/ui/text-area";
import { useToast } from "@/components/ui/toast";
import type { Transition } from "@/lib/integrations/plugins/jira/issues";

type Action = FormAction<unknown>;

/**
 * A comment in the member's own name. The page is read anew while somebody writes, whenever the issue changes: what they have written, and
 * the key that makes it one comment, stay until it is sent.
 */
export function CommentForm({ action, accountName, idempotencyKey }: { action: Action; accountName: string; idempotencyKey: string }) {
  const t = useTranslations("issues.write");
  const [first] = useState(idempotencyKey);
  const [sent, setSent] = useState(0);
  const done = useDone(t("done"));
  const onDone = () => {
    setSent((count) => count + 1);
    done();
  };
  return (
    <Form action={action} onDone={onDone} resetOnDone className="gap-3" aria-label={t("label")}>
      <KeptKey value={sent === 0 ? first : `${first}.${sent}`} />
      <TextArea name="text" label={t("label")} hideLabel placeholder={t("placeholder")} hint={t("hint", { name: accountName })} maxLength={30_000} rows={3} required />
      <SubmitButton className="self-start">{t("submit")}</SubmitButton>
    </Form>
  );
}

/** After a refusal the same form is sent, and so the same key. */
function KeptKey({ value }: { value: string }) {
  const { typed } = useField("idempotencyKey");
  return <input type="hidden" name="idempotencyKey" value={typed ?? value} />;
}

/** One button for each way on. */
export function TransitionForm({ action, transitions }: { action: Action; transitions: Transition[] }) {
  const t = useTranslations("issues.act");
  const done = useDone(t("done"));
  if (transitions.length === 0) return <p className="text-sm text-ink-muted">{t("none")}</p>;
  const elsewhere = transitions.filter(({ needsFields }) => needsFields.length > 0);
  return (
    <Form action={action} onDone={done} className="gap-3" aria-label={t("move")}>
      <div className="flex flex-wrap gap-2">
        {transitions.filter(({ needsFields }) => needsFields.length === 0).map((transition) => (
          <Way key={transition.id} transition={transition} />
        ))}
      </div>
      {elsewhere.map(({ id, name, needsFields }) => (
        <p key={id} className="text-xs text-ink-muted">
          <span className="font-medium">{name}</span> · {t("inJira", { fields: needsFields.join(", ") })}
        </p>
      ))}
    </Form>
  );
}

function Way({ transition: { id, name, status } }: { transition: Transition }) {
  const t = useTranslations("issues.act");
  return (
    <SubmitButton variant="secondary" size="sm" name="transitionId" value={id} className="max-w-full !whitespace-normal text-left">
      {status && status !== name ? t("to", { name, status }) : name}
    </SubmitButton>
  );
}

export function AssignForm({ action }: { action: Action }) {
  const t = useTranslations("issues.act");
  const done = useDone(t("assigned"));
  return (
    <Form action={action} onDone={done} className="gap-2">
      <SubmitButton variant="secondary" size="sm" className="self-start">
        {t("assign")}
      </SubmitButton>
    </Form>
  );
}

/** Without scripts the page comes back by itself. */
function useDone(words: string) {
  const router = useRouter();
  const toast = useToast();
  return () => {
    toast({ text: words });
    router.refresh();
  };
}

/** A line of a list that can be taken away. */
export function RemoveForm({ action, issueKey, label, done }: { action: Action; issueKey: string; label: string; done: string }) {
  const finished = useDone(done);
  return (
    <Form action={action} onDone={finished} className="gap-0">
      <input type="hidden" name="issue" value={issueKey} />
      <RemoveButton label={label} />
    </Form>
  );
}

function RemoveButton({ label }: { label: string }) {
  const { pending } = useFormContext();
  return (
    <button type="submit" aria-label={label} aria-disabled={pending || undefined} className="inline-flex size-8 items-center justify-center rounded-lg text-ink-muted hover:bg-hover hover:text-danger">
      <span aria-hidden>×</span>
    </button>
  );
}
