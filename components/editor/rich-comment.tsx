"use client";

import "./writing.css";
import { Extension } from "@tiptap/core";
import { EditorContent, useEditor } from "@tiptap/react";
import { useEffect, useState } from "react";
import type { ArticleDocument } from "@/lib/feed/document/rules";
import { mentionOf } from "./mention";
import { MentionList } from "./mention-list";
import { mentionStore } from "./mention-state";
import { peopleSearch } from "./people-search";
import { textExtensions } from "./text-extensions";
import { commentTools } from "./tools";
import { Toolbar } from "./toolbar";
import { LinkDialog } from "./link-dialog";

export interface RichCommentProps {
  organization: string;
  articleId: string;
  label: string;
  placeholder: string;
  describedBy?: string;
  invalid?: boolean;
  id: string;
  content: ArticleDocument | string;
  /** Where the caret was in what was typed before the editor came; null leaves the focus where it is. */
  caret: number | null;
  onChange: (document: ArticleDocument, empty: boolean) => void;
  onSend: () => void;
  onCancel?: () => void;
}

/** The part of the comment editor that weighs something: loaded when somebody begins to write. */
export default function RichComment({ organization, articleId, content, caret, onChange, onSend, onCancel, ...names }: RichCommentProps) {
  const [store] = useState(mentionStore);
  const [search] = useState(() => peopleSearch(organization, articleId));
  const [linking, setLinking] = useState(false);
  const editor = useEditor({
    extensions: [
      ...textExtensions({ placeholder: names.placeholder, whole: false }),
      mentionOf(search, store),
      Extension.create({
        name: "commentKeys",
        addKeyboardShortcuts: () => ({
          "Mod-Enter": () => (onSend(), true),
          "Mod-k": () => (setLinking(true), true),
          Escape: () => (onCancel?.(), onCancel !== undefined),
        }),
      }),
    ],
    content: typeof content === "string" ? paragraphs(content) : content,
    injectCSS: false,
    editorProps: {
      attributes: {
        id: names.id,
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": names.label,
        class: "writing writing-comment scroll-quiet",
        ...(names.describedBy && { "aria-describedby": names.describedBy }),
        ...(names.invalid && { "aria-invalid": "true" }),
      },
    },
    onCreate: ({ editor: made }) => {
      onChange(made.getJSON() as ArticleDocument, made.isEmpty);
      if (caret !== null) made.commands.focus(typeof content === "string" && caret < content.length ? caret + 1 : "end");
    },
    onUpdate: ({ editor: now }) => onChange(now.getJSON() as ArticleDocument, now.isEmpty),
  });

  // What is open here may close with the thread that it stands in.
  useEffect(() => () => store.hide(), [store]);

  if (!editor) return null;
  return (
    <div className="overflow-hidden rounded-lg border border-line-strong bg-surface focus-within:border-ring focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-ring">
      <EditorContent editor={editor} />
      <Toolbar editor={editor} tools={commentTools(() => setLinking(true))} className="border-t border-line p-1" />
      <MentionList editor={editor} store={store} />
      <LinkDialog editor={editor} open={linking} onClose={() => setLinking(false)} />
    </div>
  );
}

/** What was typed into the plain field: a line is a paragraph. */
const paragraphs = (text: string) => ({
  type: "doc",
  content: text.split(/\r?\n/).map((line) => ({ type: "paragraph", ...(line && { content: [{ type: "text", text: line }] }) })),
});
