"use client";

import { clsx } from "clsx";
import { useTranslations } from "next-intl";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { CommentBody } from "./comment-body";
import { useConversation } from "./conversation-context";
import type { OnItsWay } from "./use-unsent";
import { useRefusal } from "./use-refusal";

interface Props {
  comment: OnItsWay;
  me: { id: string; name: string };
  onRetry: () => void;
  /** Back into a field, to be written differently. */
  onChange: () => void;
  onDiscard: () => void;
}

/** The reader's own comment before the server has it. */
export function UnsentComment({ comment: { words, state, code }, me, onRetry, onChange, onDiscard }: Props) {
  const t = useTranslations("comments");
  const why = useRefusal();
  const { people, organization } = useConversation();
  return (
    <li className="flex gap-2.5 sm:gap-3">
      <Avatar name={me.name} id={me.id} />
      <div className="min-w-0 flex-1">
        <p className="py-1 text-sm leading-snug">
          <span className="font-semibold wrap-anywhere">{me.name}</span>{" "}
          {state === "sending" && <span className="text-xs text-ink-muted">{t("sending")}</span>}
        </p>
        <div className={clsx(state === "sending" && "opacity-70")}>
          <CommentBody words={words} people={people} organization={organization} />
        </div>
        {state !== "sending" && (
          <div role="alert" className="mt-1.5 flex flex-col gap-2">
            <p className={clsx("text-sm", state === "refused" ? "text-danger" : "text-caution")}>{state === "refused" ? t("refused", { why: why(code ?? "UNEXPECTED") }) : t("unsent")}</p>
            <div className="flex flex-wrap gap-2">
              <Button size="sm" onClick={onRetry}>{t("tryAgain")}</Button>
              <Button size="sm" variant="ghost" onClick={onChange}>{t("change")}</Button>
              <Button size="sm" variant="ghost" onClick={onDiscard}>{t("discard")}</Button>
            </div>
          </div>
        )}
      </div>
    </li>
  );
}
