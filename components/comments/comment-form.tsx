"use client";

import { useTranslations } from "next-intl";
import { useActionState, useCallback, useEffect, useId, useRef, type FormEvent } from "react";
import { CommentEditor } from "@/components/editor/comment-editor";
import { Button } from "@/components/ui/button";
import { FormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import type { ArticleDocument } from "@/lib/feed/document/rules";
import { idleForm, type FormState } from "@/lib/platform/form-state";
import type { Words } from "./comment-calls";
import { useRefusal } from "./use-refusal";

interface Props {
  organization: string;
  articleId: string;
  label: string;
  sendLabel: string;
  /** Where the form posts before scripts arrive; none for what is opened by a script alone. */
  action?: (previous: FormState, form: FormData) => Promise<FormState>;
  /** Makes a post that is repeated count once. */
  idempotencyKey?: string;
  initial?: Words;
  /** Why what was written before was not taken. */
  refusal?: string | null;
  autoFocus?: boolean;
  onSend: (words: Words) => void;
  /** What stands in the field now, while it is written; null when it is empty. */
  onWritten?: (words: Words | null) => void;
  onCancel?: () => void;
}

const nowhere = (previous: FormState) => Promise.resolve(previous);
const settleMs = 400;

/** Where a comment, a reply or a change is written. What is sent leaves the field at once, and comes back if it is not taken. */
export function CommentForm({ organization, articleId, label, sendLabel, action = nowhere, idempotencyKey, initial, refusal = null, autoFocus, onSend, onWritten, onCancel }: Props) {
  const t = useTranslations("comments");
  const why = useRefusal();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const writing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [state, submit, pending] = useActionState(action, idleForm);
  const code = state.refusal ?? refusal;
  // Plain words have no document to begin from: they stand in the field as if they had been sent and come back.
  const typed = initial && !initial.document && state.status === "idle" ? { ...state, values: { text: initial.text } } : state;

  const written = useCallback(() => {
    clearTimeout(writing.current);
    if (form.current) onWritten?.(wordsOf(new FormData(form.current)));
  }, [onWritten]);

  const soonWritten = () => {
    clearTimeout(writing.current);
    writing.current = setTimeout(written, settleMs);
  };
  useEffect(() => {
    window.addEventListener("pagehide", written);
    return () => {
      clearTimeout(writing.current);
      window.removeEventListener("pagehide", written);
    };
  }, [written]);

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = wordsOf(new FormData(event.currentTarget));
    // Sent as it was, before the editor came for it: then it is the document, not its words alone.
    const words = found && initial?.document && found.text === initial.text ? initial : found;
    if (!words) return void form.current?.querySelector<HTMLElement>("textarea, [contenteditable]")?.focus();
    clearTimeout(writing.current);
    event.currentTarget.reset();
    onWritten?.(null);
    onSend(words);
  };

  return (
    <FormContext value={{ id, state: typed, pending }}>
      <form ref={form} action={submit} onSubmit={send} onInput={soonWritten} onKeyUp={soonWritten} onBlur={soonWritten} noValidate aria-label={label} className="flex flex-col gap-2">
        {idempotencyKey && <input type="hidden" name="key" value={idempotencyKey} />}
        {code && (
          <Notice tone="danger" role="alert">
            {why(code)}
          </Notice>
        )}
        <CommentEditor
          organization={organization}
          articleId={articleId}
          label={label}
          placeholder={label}
          initial={initial?.document ? { document: initial.document, text: initial.text } : undefined}
          autoFocus={autoFocus}
          onCancel={onCancel}
        />
        <div className="flex flex-wrap items-center gap-2">
          <SubmitButton size="sm">{sendLabel}</SubmitButton>
          {onCancel && (
            <Button size="sm" variant="ghost" onClick={onCancel}>
              {t("cancel")}
            </Button>
          )}
        </div>
      </form>
    </FormContext>
  );
}

/** What stands in the form: the editor's document, else the words of the bare field; null when it is nothing. */
function wordsOf(form: FormData): Words | null {
  const text = form.get("text");
  if (typeof text === "string") return text.trim() === "" ? null : { document: null, text };
  const written = form.get("document");
  if (typeof written !== "string") return null;
  const document = JSON.parse(written) as ArticleDocument;
  const words = textIn(document);
  return words.trim() === "" ? null : { document, text: words };
}

/** Enough to tell whether anything is written, and to fall back on: the server makes its own. */
function textIn(node: object): string {
  if ("text" in node && typeof node.text === "string") return node.text;
  if ("type" in node && node.type === "mention" && "attrs" in node) return `@${(node.attrs as { label: string }).label}`;
  const content = "content" in node && Array.isArray(node.content) ? (node.content as object[]) : [];
  return content.map(textIn).join("type" in node && node.type === "paragraph" ? "" : "\n");
}
