import type { Extensions } from "@tiptap/core";
import { Placeholder } from "@tiptap/extensions";
import { Link } from "@tiptap/extension-link";
import { OrderedList } from "@tiptap/extension-list";
import { StarterKit } from "@tiptap/starter-kit";
import { JiraKeys } from "./jira-keys";
import { linkAddress } from "./link-address";

/** A link is its address and nothing more: how it opens and what it tells its target is the reader's page's business. */
const StoredLink = Link.extend({
  addAttributes: () => ({ href: { default: null, parseHTML: (element: HTMLElement) => element.getAttribute("href") } }),
}).configure({
  openOnClick: false,
  defaultProtocol: "https",
  markdownLinks: true,
  isAllowedUri: (url) => linkAddress(url) !== null,
  HTMLAttributes: { class: "writing-link", rel: null, target: null },
});

/** Browsers of some word processors say how items are numbered; documents only where they begin. */
const StoredOrderedList = OrderedList.extend({
  addAttributes: () => ({
    start: { default: 1, parseHTML: (element: HTMLElement) => Math.max(1, Math.trunc(Number(element.getAttribute("start") ?? "1")) || 1) },
  }),
});

interface Options {
  placeholder: string;
  /** Headings, rules: what a comment has no room for. */
  whole: boolean;
}

/** The nodes and marks of `lib/feed/document/rules.ts`, and no others: what is pasted is cut down to them by the schema. */
export function textExtensions({ placeholder, whole }: Options): Extensions {
  return [
    StarterKit.configure({
      heading: whole && { levels: [2, 3, 4] },
      horizontalRule: whole && {},
      underline: false,
      link: false,
      orderedList: false,
      dropcursor: { class: "writing-drop", color: false, width: 3 },
      trailingNode: whole && {},
    }),
    StoredLink,
    StoredOrderedList,
    JiraKeys,
    Placeholder.configure({ placeholder, emptyEditorClass: "writing-empty", emptyNodeClass: "writing-blank" }),
  ];
}
