"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState, type ComponentType } from "react";
import { FieldShell } from "@/components/ui/field";
import { useField } from "@/components/ui/form-context";
import type { ArticleDocument } from "@/lib/feed/document/rules";
import type { RichCommentProps } from "./rich-comment";

interface Props {
  /** The field of the form that carries the document as JSON. Until the editor is there, and without scripts, `text` carries plain words instead. */
  name?: string;
  organization: string;
  articleId: string;
  label: string;
  /** Shown above the field; read out only otherwise. */
  showLabel?: boolean;
  placeholder?: string;
  /** A comment that is being changed: what it is made of, and its words for the plain field. */
  initial?: { document: ArticleDocument; text: string };
  /** For a field that appears because somebody asked to answer or to change. */
  autoFocus?: boolean;
  onCancel?: () => void;
  onEmptyChange?: (empty: boolean) => void;
}

interface Loaded {
  Editor: ComponentType<RichCommentProps>;
  content: ArticleDocument | string;
  /** Where the caret was; null when the focus was elsewhere. */
  caret: number | null;
  /** Rises when the form is emptied, which begins anew. */
  round: number;
}

/** A pause in typing that is long enough to change the field in. */
const restMs = 400;

/**
 * Where a comment is written: a plain field in the page's HTML, which works by itself, and a small editor that takes its place (and
 * what stands in it) once somebody begins to write. Belongs in a form: the document travels in its data, Ctrl+Enter sends it, and a
 * `reset` empties it.
 */
export function CommentEditor({ name = "document", organization, articleId, label, showLabel, placeholder, initial, autoFocus, onCancel, onEmptyChange }: Props) {
  const t = useTranslations("editor");
  const { id, faults, typed, control } = useField("text", { also: [name] });
  const [rich, setRich] = useState<Loaded | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const written = useRef<ArticleDocument | null>(null);
  const asked = useRef(false);
  const typing = useRef(false);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const whenResting = useRef<(() => void) | null>(null);

  // While a field goes away, what is typed goes nowhere, and a syllable that is being put together is torn apart.
  const keepTyping = (composing: boolean) => {
    typing.current = true;
    clearTimeout(rest.current);
    if (composing) return;
    rest.current = setTimeout(() => {
      typing.current = false;
      whenResting.current?.();
    }, restMs);
  };

  const load = () => {
    if (asked.current) return;
    asked.current = true;
    const arrive = ({ default: Editor }: { default: ComponentType<RichCommentProps> }) => {
      const field = plain.current;
      if (!field) return;
      const caret = document.activeElement === field ? field.selectionStart : null;
      // Words that were changed in the plain field count; otherwise what the comment is made of.
      setRich({ Editor, content: initial && field.value === initial.text ? initial.document : field.value, caret, round: 0 });
    };
    import("./rich-comment").then(
      (loaded) => {
        if (typing.current) whenResting.current = () => arrive(loaded);
        else arrive(loaded);
      },
      // Offline, or a new version was put into service meanwhile: the plain field is enough to go on.
      () => (asked.current = false),
    );
  };

  useEffect(() => {
    const form = frame.current?.closest("form");
    if (!form) return;
    const send = ({ formData }: FormDataEvent) => {
      if (!written.current) return;
      formData.set(name, JSON.stringify(written.current));
      formData.delete("text");
    };
    const reset = () => {
      written.current = null;
      // Whoever has just sent one may write the next.
      const caret = frame.current?.contains(document.activeElement) ? 0 : null;
      setRich((before) => before && { ...before, content: "", caret, round: before.round + 1 });
      onEmptyChange?.(true);
    };
    form.addEventListener("formdata", send);
    form.addEventListener("reset", reset);
    return () => {
      form.removeEventListener("formdata", send);
      form.removeEventListener("reset", reset);
    };
  }, [name, onEmptyChange]);

  return (
    <FieldShell id={id} label={label} hideLabel={!showLabel} faults={faults}>
      <div ref={frame}>
        {rich ? (
          <rich.Editor
            key={rich.round}
            {...{ organization, articleId, label, id, onCancel }}
            placeholder={placeholder ?? t("commentPlaceholder")}
            describedBy={control["aria-describedby"]}
            invalid={control["aria-invalid"]}
            content={rich.content}
            caret={rich.caret}
            onChange={(document, empty) => {
              written.current = document;
              onEmptyChange?.(empty);
            }}
            onSend={() => frame.current?.closest("form")?.requestSubmit()}
          />
        ) : (
          <textarea
            ref={plain}
            rows={2}
            className="control field-sizing-content max-h-96 min-h-20 resize-y"
            placeholder={placeholder ?? t("commentPlaceholder")}
            defaultValue={typed ?? initial?.text}
            autoFocus={autoFocus}
            onFocus={() => {
              // Whoever has just come here is about to type.
              keepTyping(false);
              load();
            }}
            onCompositionStart={() => keepTyping(true)}
            onCompositionEnd={() => keepTyping(false)}
            onChange={(event) => {
              keepTyping("isComposing" in event.nativeEvent && event.nativeEvent.isComposing === true);
              // The focus may have come before this script did.
              load();
              onEmptyChange?.(event.currentTarget.value.trim() === "");
            }}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              keepTyping(false);
              if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) event.currentTarget.form?.requestSubmit();
              if (event.key === "Escape") onCancel?.();
            }}
            {...control}
            name="text"
          />
        )}
      </div>
    </FieldShell>
  );
}
