"use client";

import type { Editor } from "@tiptap/core";
import { clsx } from "clsx";
import { useTranslations } from "next-intl";
import { useEffect, useId, useSyncExternalStore } from "react";
import { Avatar } from "@/components/ui/avatar";
import type { MentionState, MentionStore } from "./mention-state";

const rowPx = 44;
const widthPx = 272;

/**
 * The people who may be mentioned, at the caret. Focus stays in the text: while the list is open the text is a combobox that says
 * which person is meant, and afterwards it is a text again.
 */
export function MentionList({ editor, store }: { editor: Editor; store: MentionStore }) {
  const state = useSyncExternalStore(store.listen, store.read, () => null);
  const t = useTranslations("editor");
  const id = useId();
  const active = state?.people[state.at];

  useEffect(() => {
    const text = editor.view.dom;
    if (!state) return;
    text.setAttribute("role", "combobox");
    text.removeAttribute("aria-multiline");
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-haspopup", "listbox");
    text.setAttribute("aria-expanded", String(state.people.length > 0));
    text.setAttribute("aria-controls", id);
    if (active) text.setAttribute("aria-activedescendant", `${id}-${active.id}`);
    else text.removeAttribute("aria-activedescendant");
    return () => {
      text.setAttribute("role", "textbox");
      text.setAttribute("aria-multiline", "true");
      for (const name of ["autocomplete", "haspopup", "expanded", "controls", "activedescendant"]) text.removeAttribute(`aria-${name}`);
    };
  }, [editor, state, active, id]);

  const said = !state ? "" : state.people.length > 0 ? t("mentionCount", { count: state.people.length }) : state.loading ? "" : t("mentionNobody");
  return (
    <>
      <p role="status" className="sr-only">
        {said}
      </p>
      {state && (state.people.length > 0 || !state.loading) && (
        <ul
          id={id}
          role="listbox"
          aria-label={t("mentionList")}
          ref={(list) => {
            if (list) place(list, state);
          }}
          className="scroll-quiet fixed z-50 max-h-72 w-68 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-high"
        >
          {state.people.map((person, index) => (
            <li
              key={person.id}
              id={`${id}-${person.id}`}
              role="option"
              aria-selected={index === state.at}
              ref={index === state.at ? (row) => void row?.scrollIntoView({ block: "nearest" }) : undefined}
              // Pressing must not take the focus out of the text.
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => index !== state.at && store.move(index)}
              onClick={() => state.choose(person)}
              className={clsx("flex min-h-11 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 text-sm", index === state.at && "bg-hover")}
            >
              <Avatar name={person.name} id={person.id} size="sm" />
              <span className="min-w-0 flex-1 truncate">{person.name}</span>
            </li>
          ))}
          {state.people.length === 0 && <li className="px-2.5 py-2 text-sm text-ink-muted">{t("mentionNobody")}</li>}
        </ul>
      )}
    </>
  );
}

/** Below the caret, or above where there is no room; never outside the window. */
function place(list: HTMLElement, { place: { left, top, bottom }, people }: MentionState): void {
  const height = Math.min(288, Math.max(1, people.length) * rowPx + 10);
  const above = bottom + height + 8 > window.innerHeight && top > height;
  list.style.left = `${Math.max(8, Math.min(left, window.innerWidth - widthPx - 8))}px`;
  list.style.top = `${above ? top - height - 6 : bottom + 6}px`;
}
