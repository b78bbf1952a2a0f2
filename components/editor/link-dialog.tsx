"use client";

import { getMarkRange, type Editor } from "@tiptap/core";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { linkAddress } from "./link-address";

interface Props {
  editor: Editor;
  open: boolean;
  onClose: () => void;
}

/** Asks where a link leads. Without a selection the address itself becomes its words; on a link, the whole link changes. */
export function LinkDialog({ editor, open, onClose }: Props) {
  const t = useTranslations("editor");
  const close = () => {
    onClose();
    // The dialog gives the focus back to where it was, which may be the button; writing goes on in the text.
    requestAnimationFrame(() => editor.commands.focus());
  };
  return (
    <Dialog open={open} onClose={close} title={t("linkTitle")}>
      <LinkFields editor={editor} onClose={close} />
    </Dialog>
  );
}

function LinkFields({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const before = String(editor.getAttributes("link").href ?? "");
  const [address, setAddress] = useState(before);
  const [wrong, setWrong] = useState(false);

  const apply = () => {
    const href = linkAddress(address);
    if (!href) return setWrong(true);
    putLink(editor, href, address.trim());
    onClose();
  };

  return (
    <>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {t("editor.linkAddress")}
      </label>
      <input
        id={id}
        type="url"
        inputMode="url"
        autoComplete="off"
        // A modal dialog gives the focus to what has the attribute, which React's own property does not write.
        ref={(input) => input?.setAttribute("autofocus", "")}
        className="control"
        placeholder="https://"
        value={address}
        aria-invalid={wrong || undefined}
        aria-describedby={wrong ? `${id}-fault` : undefined}
        onChange={(event) => {
          setAddress(event.target.value);
          setWrong(false);
        }}
        // A field inside the article's own form, which Enter would send.
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          apply();
        }}
      />
      {wrong && (
        <p id={`${id}-fault`} role="alert" className="mt-1.5 text-sm text-danger">
          {t("editor.linkWrong")}
        </p>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button variant="primary" onClick={apply}>
          {t("editor.linkApply")}
        </Button>
        {before !== "" && (
          <Button
            onClick={() => {
              editor.chain().extendMarkRange("link").unsetLink().run();
              onClose();
            }}
          >
            {t("editor.linkRemove")}
          </Button>
        )}
        <Button variant="ghost" onClick={onClose}>
          {t("common.cancel")}
        </Button>
      </div>
    </>
  );
}

function putLink(editor: Editor, href: string, words: string): void {
  const { from, to, empty } = editor.state.selection;
  const type = editor.schema.marks.link;
  const inLink = type ? getMarkRange(editor.state.doc.resolve(from), type) : undefined;
  if (empty && !inLink) {
    editor.chain().insertContentAt({ from, to }, { type: "text", text: words, marks: [{ type: "link", attrs: { href } }] }).unsetMark("link").run();
  } else {
    editor.chain().extendMarkRange("link").setLink({ href }).setTextSelection(inLink ? inLink.to : to).run();
  }
}
