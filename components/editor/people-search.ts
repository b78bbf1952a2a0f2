/** Somebody who can be mentioned. */
export interface MentionedPerson {
  id: string;
  name: string;
}

const folded = (text: string) => text.normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase();

/** Whether each word that was typed stands in the name. Korean syllables are compared by their letters, so that `기` finds 김. */
export function matchesName(name: string, query: string): boolean {
  const text = folded(name);
  return folded(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => text.includes(word));
}

/**
 * Asks for the people who may be mentioned in an article. Answers are kept for as long as the editor is open: what was typed once is
 * not asked twice.
 */
export function peopleSearch(organization: string, articleId: string) {
  const known = new Map<string, MentionedPerson[]>();
  const everybody = new Map<string, MentionedPerson>();

  return {
    /** Who is known already and fits, at once. */
    guess: (query: string): MentionedPerson[] => known.get(query) ?? [...everybody.values()].filter(({ name }) => matchesName(name, query)).slice(0, 8),
    async find(query: string, signal: AbortSignal): Promise<MentionedPerson[]> {
      const before = known.get(query);
      if (before) return before;
      const address = `/api/articles/${articleId}/people?${new URLSearchParams({ organization, search: query })}`;
      const response = await fetch(address, { signal, headers: { Accept: "application/json" } }).catch(() => null);
      if (!response?.ok) return this.guess(query);
      const { people } = (await response.json()) as { people: MentionedPerson[] };
      known.set(query, people);
      for (const person of people) everybody.set(person.id, person);
      return people;
    },
  };
}
export type PeopleSearch = ReturnType<typeof peopleSearch>;
