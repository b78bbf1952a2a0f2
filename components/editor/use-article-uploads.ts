"use client";

import type { Editor } from "@tiptap/core";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useMemo } from "react";
import { useUploads } from "@/components/media/use-uploads";
import { useUploadWords } from "@/components/media/use-upload-words";
import type { ShownUpload } from "./media-desk";

/** Files that are put into the text: each has its place at once, and is stored there when its bytes have arrived. */
export function useArticleUploads(editor: Editor | null, organization: string, onBusy: (busy: boolean) => void) {
  const t = useTranslations("editor");
  const { uploads: items, busy, add: begin } = useUploads({ organization });
  const errorWords = useUploadWords();
  const uploads = useMemo(
    (): ShownUpload[] =>
      items.map(({ localId, file, progress, state, mediaId, error, cancel, retry }) => ({
        localId,
        file,
        progress,
        mediaId: state === "done" ? mediaId : null,
        error: error ? errorWords(error) : state === "cancelled" ? t("uploadCancelled") : null,
        cancel,
        retry,
      })),
    [items, errorWords, t],
  );

  useEffect(() => onBusy(busy), [busy, onBusy]);

  useEffect(() => {
    if (!editor) return;
    const settle = () => settleUploads(editor, uploads);
    settle();
    // A place that came back by undoing takes up what has arrived meanwhile.
    editor.on("update", settle);
    return () => void editor.off("update", settle);
  }, [editor, uploads]);

  const add = useCallback(
    (files: File[], at: number | null) => {
      if (!editor || files.length === 0) return;
      const places = begin(files).map(({ localId }) => ({ type: "media", attrs: { uploadId: localId } }));
      editor.chain().focus().insertContentAt(at ?? editor.state.selection.to, places).run();
      goOnAfter(editor);
    },
    [editor, begin],
  );

  return { uploads, add };
}

/** Writing goes on behind what was put in: typed with it chosen, the next letter would take its place. */
function goOnAfter(editor: Editor): void {
  const { to } = editor.state.selection;
  if (!editor.state.doc.resolve(to).nodeAfter?.isTextblock) editor.commands.insertContentAt(to, { type: "paragraph" });
  editor.commands.setTextSelection(to + 1);
}

/** Names in the document what has arrived. No step of the history: undoing takes away the picture, not its bytes. */
function settleUploads(editor: Editor, uploads: readonly ShownUpload[]): void {
  const arrived = new Map(uploads.flatMap(({ localId, mediaId }) => (mediaId ? [[localId, mediaId] as const] : [])));
  if (arrived.size === 0) return;
  const change = editor.state.tr;
  editor.state.doc.descendants((node, position) => {
    const mediaId = node.type.name === "media" && !node.attrs.mediaId ? arrived.get(String(node.attrs.uploadId)) : undefined;
    if (mediaId) change.setNodeMarkup(position, undefined, { ...node.attrs, mediaId, uploadId: null });
    return !node.isTextblock;
  });
  if (change.docChanged) editor.view.dispatch(change.setMeta("addToHistory", false));
}
