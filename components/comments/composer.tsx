"use client";

import { useTranslations } from "next-intl";
import { useState, useSyncExternalStore } from "react";
import { addCommentAction } from "@/lib/feed/comments/actions";
import type { Words } from "./comment-calls";
import { CommentForm } from "./comment-form";
import { keepDraft, keptDraft, type Place } from "./kept-words";

interface Props {
  organization: string;
  place: Place;
  idempotencyKey: string;
  onSend: (words: Words) => void;
}

const never = () => () => undefined;

/** Where a new comment is written. What stands in it survives a reload on this device. */
export function Composer(props: Props) {
  const hydrated = useSyncExternalStore(never, () => true, () => false);
  const draft = hydrated ? keptDraft(props.place, null) : null;
  // Begun anew only for what was kept, so that a field in which somebody already writes stays the one it is.
  const [kept, setKept] = useState<Words | null>(null);
  const [looked, setLooked] = useState(false);
  if (hydrated && !looked) {
    setLooked(true);
    setKept(draft);
  }
  return <Field key={kept === null ? "new" : "kept"} {...props} initial={kept ?? undefined} onTaken={() => setKept(null)} />;
}

function Field({ organization, place, idempotencyKey, initial, onSend, onTaken }: Props & { initial?: Words; onTaken: () => void }) {
  const t = useTranslations("comments");
  return (
    <CommentForm
      organization={organization}
      articleId={place.articleId}
      label={t("write")}
      sendLabel={t("send")}
      action={addCommentAction.bind(null, organization, place.articleId, null)}
      idempotencyKey={idempotencyKey}
      initial={initial}
      onSend={(words) => {
        onTaken();
        onSend(words);
      }}
      onWritten={(words) => keepDraft(place, null, words)}
    />
  );
}
