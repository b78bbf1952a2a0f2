import { Node, mergeAttributes } from "@tiptap/core";
import { ReactNodeViewRenderer } from "@tiptap/react";
import { MediaView } from "./media-view";

/**
 * A picture, video, sound or file, as documents store it (`mediaId`, `caption`). While its bytes are under way it has an `uploadId`
 * instead, which is this tab's alone and never stored.
 */
export const MediaNode = Node.create({
  name: "media",
  group: "block",
  atom: true,
  draggable: true,
  selectable: true,
  addAttributes: () => ({
    mediaId: { default: "", parseHTML: (element: HTMLElement) => element.getAttribute("data-media-id") ?? "", renderHTML: ({ mediaId }: Record<string, unknown>) => ({ "data-media-id": mediaId }) },
    caption: { default: "", parseHTML: (element: HTMLElement) => element.getAttribute("data-caption") ?? "", renderHTML: ({ caption }: Record<string, unknown>) => ({ "data-caption": caption }) },
    uploadId: { default: null, rendered: false },
  }),
  parseHTML: () => [{ tag: "figure[data-media-id]", getAttrs: (figure) => (/^med_[0-9a-z]{26}$/.test(figure.getAttribute("data-media-id") ?? "") ? null : false) }],
  renderHTML: ({ HTMLAttributes }) => ["figure", mergeAttributes(HTMLAttributes)],
  addNodeView: () => ReactNodeViewRenderer(MediaView),
});
