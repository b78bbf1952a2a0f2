"use client";

import { Ellipsis, Link2, Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Menu, MenuButton } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import { deleteCommentAction } from "@/lib/feed/comments/actions";
import type { CommentView } from "@/lib/feed/comments/mappings";

interface Props {
  organization: string;
  comment: CommentView;
  onEdit: () => void;
  onDelete: () => void;
}

export function CommentMenu({ organization, comment, onEdit, onDelete }: Props) {
  const t = useTranslations("comments");
  const toast = useToast();
  const [sure, setSure] = useState(false);

  const copy = async () => {
    await navigator.clipboard.writeText(linkTo(comment.id));
    toast({ text: t("linkCopied") });
  };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setSure(true);
  };

  return (
    <>
      <Menu
        align="end"
        label={t("actions", { name: comment.author?.name ?? "" })}
        button={<Ellipsis aria-hidden className="size-4" />}
        buttonClassName="inline-flex size-8 cursor-pointer list-none items-center justify-center text-ink-muted hover:bg-hover hover:text-ink"
      >
        <MenuButton onClick={() => void copy()} className="no-js:hidden">
          <Link2 aria-hidden className="size-4" />
          {t("copyLink")}
        </MenuButton>
        {comment.mayEdit && (
          <MenuButton onClick={onEdit} className="no-js:hidden">
            <Pencil aria-hidden className="size-4" />
            {t("edit")}
          </MenuButton>
        )}
        {comment.mayDelete && (
          <form action={deleteCommentAction.bind(null, organization, comment.id)} onSubmit={ask}>
            <MenuButton type="submit" className="text-danger">
              <Trash2 aria-hidden className="size-4" />
              {t("delete")}
            </MenuButton>
          </form>
        )}
      </Menu>
      <Dialog open={sure} onClose={() => setSure(false)} title={t("deleteTitle")}>
        <p className="text-sm text-ink-muted">{t(comment.replies > 0 ? "deleteNoteAnswered" : "deleteNote")}</p>
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onClick={() => setSure(false)}>{t("cancel")}</Button>
          <Button
            variant="danger"
            autoFocus
            onClick={() => {
              setSure(false);
              onDelete();
            }}
          >
            {t("delete")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** Opens the page where the comment is, however far back, also without scripts. */
function linkTo(id: string): string {
  const address = new URL(window.location.href);
  address.search = new URLSearchParams({ comment: id }).toString();
  address.hash = id;
  return address.href;
}
