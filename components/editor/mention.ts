import { Mention as TiptapMention, type MentionNodeAttrs } from "@tiptap/extension-mention";
import type { SuggestionOptions } from "@tiptap/suggestion";
import type { MentionStore } from "./mention-state";
import type { MentionedPerson, PeopleSearch } from "./people-search";

/** A mention as documents store it: who, and the name they had when it was written. */
const StoredMention = TiptapMention.extend({
  addAttributes: () => ({
    memberId: {
      default: "",
      parseHTML: (element: HTMLElement) => element.getAttribute("data-member-id") ?? "",
      renderHTML: ({ memberId }: Record<string, unknown>) => ({ "data-member-id": memberId }),
    },
    label: {
      default: "",
      parseHTML: (element: HTMLElement) => element.getAttribute("data-label") ?? "",
      renderHTML: ({ label }: Record<string, unknown>) => ({ "data-label": label }),
    },
  }),
  parseHTML: () => [{ tag: "span[data-type='mention'][data-member-id]" }],
});

/** `@` and the beginning of a name opens the list; a mention is one letter to the caret. */
export function mentionOf(search: PeopleSearch, store: MentionStore) {
  const suggestion: Omit<SuggestionOptions<MentionedPerson, MentionNodeAttrs>, "editor"> = {
    char: "@",
    allowedPrefixes: [" ", "\u00a0", "(", "[", "“", "‘", "«", "「", "/", ",", "·"],
    decorationClass: "writing-mentioning",
    debounce: 120,
    items: ({ query, signal }) => search.find(query, signal),
    command: ({ editor, range, props: { id, label } }) => {
      // A blank of the text that follows is used, so that there are not two.
      const next = editor.view.state.doc.textBetween(range.to, Math.min(range.to + 1, editor.view.state.doc.content.size), " ", " ");
      editor
        .chain()
        .focus()
        .insertContentAt(range, [
          { type: "mention", attrs: { memberId: id, label } },
          ...(next === " " ? [] : [{ type: "text", text: " " }]),
        ])
        .run();
    },
    allow: ({ state, range }) => {
      const { parent } = state.doc.resolve(range.from);
      return !parent.type.spec.code && parent.type.contentMatch.matchType(state.schema.nodes.mention ?? parent.type) !== null;
    },
    render: () => ({
      onStart: (props) => store.show(props, search.guess(props.query)),
      onUpdate: (props) => store.show(props, search.guess(props.query)),
      onKeyDown: ({ event }) => store.press(event.key),
      onExit: () => store.hide(),
    }),
  };
  return StoredMention.configure({
    HTMLAttributes: { class: "writing-mention" },
    renderHTML: ({ options, node }) => ["span", options.HTMLAttributes, `@${String(node.attrs.label)}`],
    renderText: ({ node }) => `@${String(node.attrs.label)}`,
    suggestion,
  });
}
