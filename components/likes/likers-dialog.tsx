"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { LikersPage } from "@/lib/feed/likes/mappings";
import { readLikers } from "./like-calls";

interface Props {
  organization: string;
  id: string;
  open: boolean;
  onClose: () => void;
}

/** Who likes it, asked for when somebody wants to know. */
export function LikersDialog({ open, onClose, ...what }: Props) {
  const t = useTranslations("comments");
  return (
    <Dialog open={open} onClose={onClose} title={t("whoLikes")}>
      <Likers {...what} />
    </Dialog>
  );
}

function Likers({ organization, id }: Pick<Props, "organization" | "id">) {
  const t = useTranslations("comments");
  const [people, setPeople] = useState<LikersPage["people"]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [state, setState] = useState<"loading" | "there" | "failed">("loading");
  const [round, setRound] = useState<{ cursor: string | null; number: number }>({ cursor: null, number: 0 });

  useEffect(() => {
    let left = false;
    readLikers(organization, id, round.cursor).then(
      (page) => {
        if (left) return;
        setPeople((before) => [...(round.cursor === null ? [] : before), ...page.people]);
        setCursor(page.nextCursor);
        setState("there");
      },
      () => {
        if (!left) setState("failed");
      },
    );
    return () => {
      left = true;
    };
  }, [organization, id, round]);

  const ask = (from: string | null) => {
    setState("loading");
    setRound(({ number }) => ({ cursor: from, number: number + 1 }));
  };

  return (
    <div aria-busy={state === "loading"} className="flex flex-col gap-3">
      {state === "there" && people.length === 0 && <p className="text-sm text-ink-muted">{t("likes", { count: 0 })}</p>}
      <ul className="flex flex-col gap-1">
        {people.map((person) => (
          <li key={person.id} className="flex min-h-10 items-center gap-3">
            <Avatar name={person.name} id={person.id} />
            <span className="min-w-0 break-words">{person.name}</span>
          </li>
        ))}
      </ul>
      {state === "loading" && <p role="status" className="text-sm text-ink-muted">{t("loading")}</p>}
      {state === "failed" && (
        <Notice tone="danger" role="alert">
          <span className="flex flex-wrap items-center gap-3">
            {t("loadFailed")}
            <Button size="sm" onClick={() => ask(cursor)}>{t("tryAgain")}</Button>
          </span>
        </Notice>
      )}
      {state === "there" && cursor !== null && <Button className="self-start" onClick={() => ask(cursor)}>{t("moreLikes")}</Button>}
    </div>
  );
}
