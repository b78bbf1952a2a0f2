import { z } from "zod";

/** What the catalog kept of an event of the news (`mappings.ts`). A fact that is missing is absent; nothing is refused. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null);
const text = z.string().catch("");
const newsFacts = z.object({
  actor: maybe(z.object({ memberId: z.string().nullable(), name: z.string() })),
  article: maybe(
    z.object({
      id: z.string(),
      title: text,
      excerpt: text,
      authorId: maybe(z.string()),
      workspace: maybe(z.object({ name: z.string() })),
      /** It may be read in more workspaces than the one it was written in. */
      elsewhere: z.boolean().catch(false),
      cover: maybe(z.object({ mediaId: z.string(), alt: text })),
    }),
  ),
  comment: maybe(z.object({ id: z.string(), excerpt: text })),
  mustRead: z.boolean().catch(false),
});
export type NewsFacts = z.output<typeof newsFacts>;

export const newsFactsOf = (payload: Record<string, unknown>): NewsFacts => newsFacts.parse(payload);

export const commentTypes = ["comment.added", "comment.replied", "comment.mentioned"] as const;
export type CommentType = (typeof commentTypes)[number];
export const newsTypes = ["article.published", "article.mentioned", ...commentTypes, "article.liked", "article.acknowledgement-due"] as const;
export type NewsType = (typeof newsTypes)[number];

export const isNewsType = (type: string): type is NewsType => newsTypes.some((known) => known === type);
export const isCommentType = (type: string): type is CommentType => commentTypes.some((known) => known === type);

/** Types of which several in one thread are told as one. */
export const foldedNewsTypes = [...commentTypes, "article.liked"] as const;

/** Whether two rows of one thread are told together: comments whatever they mean to the reader, and likes. */
export const speaksFor = (head: string, other: string): boolean => (isCommentType(head) ? isCommentType(other) : head === "article.liked" && other === head);

/** Who did it, the latest first, each once. */
export function peopleIn(newestFirst: { payload: Record<string, unknown> }[]): string[] {
  const people = new Map<string, string>();
  for (const { payload } of newestFirst) {
    const { actor } = newsFactsOf(payload);
    if (actor && !people.has(actor.memberId ?? actor.name)) people.set(actor.memberId ?? actor.name, actor.name);
  }
  return [...people.values()];
}

const namedMax = 3;

/** Two names and "2 others" read better than three names and one. `total` is how many there are, where not all were named. */
export function namedAndOthers(names: string[], total = names.length): { named: string[]; others: number } {
  const named = names.slice(0, total > namedMax ? namedMax - 1 : namedMax);
  return { named, others: Math.max(0, total - named.length) };
}
