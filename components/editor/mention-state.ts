import type { MentionNodeAttrs } from "@tiptap/extension-mention";
import type { SuggestionProps } from "@tiptap/suggestion";
import type { MentionedPerson } from "./people-search";

/** What the list of people shows while somebody is being mentioned. */
export interface MentionState {
  people: MentionedPerson[];
  query: string;
  loading: boolean;
  /** Which of them Enter takes. */
  at: number;
  /** Where the caret is, in the window. */
  place: { left: number; top: number; bottom: number };
  choose: (person: MentionedPerson) => void;
}

/** A small store between the editor's plugin, which lives outside of React, and the list that React draws. */
export function mentionStore() {
  let state: MentionState | null = null;
  const hearers = new Set<() => void>();
  const set = (next: MentionState | null) => {
    state = next;
    for (const hear of hearers) hear();
  };

  const show = (props: SuggestionProps<MentionedPerson, MentionNodeAttrs>, guess: MentionedPerson[]) => {
    const rect = props.clientRect?.();
    const people = props.loading ? guess : props.items;
    const chosen = state?.query === props.query ? state.people[state.at]?.id : undefined;
    set({
      people,
      query: props.query,
      loading: props.loading,
      at: Math.max(0, people.findIndex(({ id }) => id === chosen)),
      place: rect ? { left: rect.left, top: rect.top, bottom: rect.bottom } : (state?.place ?? { left: 0, top: 0, bottom: 0 }),
      choose: ({ id, name }) => props.command({ id, label: name }),
    });
  };

  return {
    read: () => state,
    listen(hear: () => void) {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
    show,
    hide: () => set(null),
    move(to: number) {
      if (state && state.people.length > 0) set({ ...state, at: (to + state.people.length) % state.people.length });
    },
    /** True when the key was for the list. */
    press(key: string): boolean {
      if (!state || state.people.length === 0) return false;
      if (key === "ArrowDown") this.move(state.at + 1);
      else if (key === "ArrowUp") this.move(state.at - 1);
      else if (key === "Home") this.move(0);
      else if (key === "End") this.move(-1);
      else if (key === "Enter" || key === "Tab") {
        const person = state.people[state.at];
        if (person) state.choose(person);
      } else return false;
      return true;
    },
  };
}
export type MentionStore = ReturnType<typeof mentionStore>;
