import type { Editor } from "@tiptap/core";
import { AtSign, Bold, Code, Heading2, Heading3, Heading4, Italic, Link, List, ListOrdered, Minus, Quote, Redo2, SquareCode, Strikethrough, Undo2, type LucideIcon } from "lucide-react";
import type en from "@/lib/platform/i18n/messages/en/editor.json";

/** One button of the toolbar. */
export interface Tool {
  id: keyof typeof en.tools;
  icon: LucideIcon;
  /** As the shortcut is written: `Mod` is Ctrl, or Command on a Mac. */
  keys?: string[];
  run: (editor: Editor) => void;
  /** For a button that is in or out: whether what it makes is where the caret is. */
  on?: (editor: Editor) => boolean;
  /** Left out: always possible. */
  possible?: (editor: Editor) => boolean;
}

const mark = (id: "bold" | "italic" | "strike" | "code", icon: LucideIcon, keys: string[]): Tool => ({
  id,
  icon,
  keys,
  run: (editor) => editor.chain().focus().toggleMark(id).run(),
  on: (editor) => editor.isActive(id),
  possible: (editor) => editor.can().toggleMark(id),
});

const heading = (level: 2 | 3 | 4, icon: LucideIcon): Tool => ({
  id: `heading${level}`,
  icon,
  keys: ["Mod", "Alt", String(level)],
  run: (editor) => editor.chain().focus().toggleHeading({ level }).run(),
  on: (editor) => editor.isActive("heading", { level }),
});

const marks = [
  mark("bold", Bold, ["Mod", "B"]),
  mark("italic", Italic, ["Mod", "I"]),
  mark("strike", Strikethrough, ["Mod", "Shift", "S"]),
  mark("code", Code, ["Mod", "E"]),
];

const link = (open: () => void): Tool => ({ id: "link", icon: Link, keys: ["Mod", "K"], run: open, on: (editor) => editor.isActive("link"), possible: (editor) => !editor.isActive("codeBlock") });

const mention: Tool = {
  id: "mention",
  icon: AtSign,
  keys: ["@"],
  run: (editor) => {
    const before = editor.state.selection.$from.parent.textBetween(Math.max(0, editor.state.selection.$from.parentOffset - 1), editor.state.selection.$from.parentOffset, " ", " ");
    editor.chain().focus().insertContent(before === "" || before === " " ? "@" : " @").run();
  },
  possible: (editor) => !editor.isActive("codeBlock"),
};

const lists: Tool[] = [
  { id: "bulletList", icon: List, keys: ["Mod", "Shift", "8"], run: (editor) => editor.chain().focus().toggleBulletList().run(), on: (editor) => editor.isActive("bulletList") },
  { id: "orderedList", icon: ListOrdered, keys: ["Mod", "Shift", "7"], run: (editor) => editor.chain().focus().toggleOrderedList().run(), on: (editor) => editor.isActive("orderedList") },
];

const quote: Tool = { id: "blockquote", icon: Quote, keys: ["Mod", "Shift", "B"], run: (editor) => editor.chain().focus().toggleBlockquote().run(), on: (editor) => editor.isActive("blockquote") };
const codeBlock: Tool = { id: "codeBlock", icon: SquareCode, keys: ["Mod", "Alt", "C"], run: (editor) => editor.chain().focus().toggleCodeBlock().run(), on: (editor) => editor.isActive("codeBlock") };

/** Groups of buttons, a line between them. */
export const commentTools = (openLink: () => void): Tool[][] => [[...marks, link(openLink)], [...lists, quote, codeBlock], [mention]];

export const articleTools = (openLink: () => void, media: Tool): Tool[][] => [
  [heading(2, Heading2), heading(3, Heading3), heading(4, Heading4)],
  [...marks, link(openLink)],
  [...lists, quote, codeBlock, { id: "rule", icon: Minus, run: (editor) => editor.chain().focus().setHorizontalRule().run() }],
  [media, mention],
  [
    { id: "undo", icon: Undo2, keys: ["Mod", "Z"], run: (editor) => editor.chain().focus().undo().run(), possible: (editor) => editor.can().undo() },
    { id: "redo", icon: Redo2, keys: ["Mod", "Shift", "Z"], run: (editor) => editor.chain().focus().redo().run(), possible: (editor) => editor.can().redo() },
  ],
];
