import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { keysInText } from "@/lib/integrations/issues/keys/inputs";

/** Marks what readers will see as the card of a Jira issue. A look and nothing more: the document holds the words as they are. */
export const JiraKeys = Extension.create({
  name: "jiraKeys",
  addProseMirrorPlugins: () => [
    new Plugin<DecorationSet>({
      key: new PluginKey("jiraKeys"),
      state: {
        init: (_, { doc }) => DecorationSet.create(doc, keysUnder(doc, 0)),
        apply(change, before) {
          if (!change.docChanged) return before;
          let marked = before.map(change.mapping, change.doc);
          // Only the blocks that changed are read again: an article may have thousands.
          change.mapping.maps.forEach((map, step) =>
            map.forEach((_from, _to, newFrom, newTo) => {
              const rest = change.mapping.slice(step + 1);
              const from = Math.max(0, rest.map(newFrom, -1));
              const to = Math.min(change.doc.content.size, rest.map(newTo, 1));
              change.doc.nodesBetween(from, to, (node, position) => {
                if (!node.isTextblock) return true;
                marked = marked.remove(marked.find(position, position + node.nodeSize)).add(change.doc, keysIn(node, position));
                return false;
              });
            }),
          );
          return marked;
        },
      },
      props: {
        decorations(state) {
          return this.getState(state);
        },
      },
    }),
  ],
});

function keysUnder(doc: Node, from: number): Decoration[] {
  const found: Decoration[] = [];
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    found.push(...keysIn(node, from + position));
    return false;
  });
  return found;
}

function keysIn(block: Node, position: number): Decoration[] {
  if (block.type.spec.code) return [];
  const found: Decoration[] = [];
  block.forEach((inline, offset) => {
    if (!inline.isText || inline.marks.some(({ type }) => type.name === "code" || type.name === "link")) return;
    for (const { key, index } of keysInText(inline.text ?? "")) {
      const from = position + 1 + offset + index;
      found.push(Decoration.inline(from, from + key.length, { class: "writing-issue-key" }));
    }
  });
  return found;
}
