"use client";

import "./writing.css";
import { Extension, type Editor } from "@tiptap/core";
import { EditorContent, useEditor } from "@tiptap/react";
import { Paperclip } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { ArticleDocument } from "@/lib/feed/document/rules";
import type { MediaView } from "@/lib/feed/media/mappings";
import { LinkDialog } from "./link-dialog";
import { MediaDeskContext } from "./media-desk";
import { MediaNode } from "./media-node";
import { mentionOf } from "./mention";
import { MentionList } from "./mention-list";
import { mentionStore } from "./mention-state";
import { peopleSearch } from "./people-search";
import { storedDocument } from "./stored-document";
import { textExtensions } from "./text-extensions";
import { articleTools } from "./tools";
import { Toolbar } from "./toolbar";
import { useArticleUploads } from "./use-article-uploads";

/** What the page can ask of the text. */
export interface BodyHandle {
  read: () => ArticleDocument;
  show: (document: ArticleDocument) => void;
  focus: () => void;
}

export interface ArticleBodyProps {
  organization: string;
  articleId: string;
  label: string;
  describedBy?: string;
  content: ArticleDocument;
  known: ReadonlyMap<string, MediaView>;
  onReady: (handle: BodyHandle) => void;
  onChange: () => void;
  /** Whether files are under way. */
  onBusy: (busy: boolean) => void;
  /** Pictures in the text, which may be its cover. */
  onPictures: (mediaIds: string[]) => void;
}

/** The part of the page that weighs something: the text of an article with its toolbar. Loaded where somebody writes, and nowhere else. */
export default function ArticleBody({ organization, articleId, content, known, onReady, onChange, onBusy, onPictures, ...names }: ArticleBodyProps) {
  const t = useTranslations("editor");
  const [store] = useState(mentionStore);
  const [search] = useState(() => peopleSearch(organization, articleId));
  const [linking, setLinking] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const take = useRef<(files: File[], at: number | null) => void>(() => undefined);

  const editor = useEditor({
    extensions: [
      ...textExtensions({ placeholder: t("bodyPlaceholder"), whole: true }),
      mentionOf(search, store),
      MediaNode,
      Extension.create({ name: "articleKeys", addKeyboardShortcuts: () => ({ "Mod-k": () => (setLinking(true), true) }) }),
    ],
    content,
    injectCSS: false,
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": names.label,
        class: "writing writing-article",
        ...(names.describedBy && { "aria-describedby": names.describedBy }),
      },
      handlePaste: (_, event) => {
        const pasted = filesIn(event.clipboardData);
        if (pasted.length > 0) take.current(pasted, null);
        return pasted.length > 0;
      },
      handleDrop: (view, event, _slice, moved) => {
        const dropped = moved ? [] : [...(event.dataTransfer?.files ?? [])];
        if (dropped.length === 0) return false;
        event.preventDefault();
        take.current(dropped, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? null);
        return true;
      },
    },
    onCreate: ({ editor: made }) => {
      onReady(handleOf(made));
      onPictures(mediaIn(made));
    },
    onUpdate: ({ editor: now }) => {
      onChange();
      onPictures(mediaIn(now));
    },
  });

  const { uploads, add } = useArticleUploads(editor, organization, onBusy);
  useEffect(() => {
    take.current = add;
  });

  if (!editor) return null;
  const media = { id: "media", icon: Paperclip, run: () => files.current?.click() } as const;
  return (
    <MediaDeskContext value={{ organization, uploads, known }}>
      <div className="sticky top-14 z-10 -mx-1 mb-3 border-y border-line bg-canvas px-1 py-1 md:top-0">
        <Toolbar editor={editor} tools={articleTools(() => setLinking(true), media)} />
      </div>
      <EditorContent editor={editor} />
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-editor-files
        onChange={(event) => {
          add([...(event.currentTarget.files ?? [])], null);
          event.currentTarget.value = "";
        }}
      />
      <MentionList editor={editor} store={store} />
      <LinkDialog editor={editor} open={linking} onClose={() => setLinking(false)} />
    </MediaDeskContext>
  );
}

const handleOf = (editor: Editor): BodyHandle => ({
  read: () => storedDocument(editor.getJSON()),
  show: (document) => void editor.commands.setContent(document, { emitUpdate: false }),
  focus: () => void editor.commands.focus("start"),
});

function mediaIn(editor: Editor): string[] {
  const found: string[] = [];
  editor.state.doc.descendants((node) => {
    if (node.type.name === "media" && node.attrs.mediaId) found.push(String(node.attrs.mediaId));
    return !node.isTextblock;
  });
  return found;
}

/** Files that were copied; words win where both are offered, as word processors offer a picture of the words beside them. */
function filesIn(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])];
  if (files.length === 0 || !data) return [];
  const words = data.getData("text/plain").trim() || (new DOMParser().parseFromString(data.getData("text/html"), "text/html").body.textContent ?? "").trim();
  return words === "" ? files : [];
}
