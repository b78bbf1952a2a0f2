import type { CommentPage, CommentView } from "@/lib/feed/comments/mappings";
import type { ArticleDocument } from "@/lib/feed/document/rules";

/** What somebody wrote: a document from the editor, or plain words from the bare field. */
export interface Words {
  document: ArticleDocument | null;
  text: string;
}

/** The server said no, and why: a code of `messages/<locale>/refusals.json`. A lost connection is no answer and throws something else. */
export class NotTaken extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = "NotTaken";
    this.code = code;
  }
}

async function ask(organization: string, path: string, init: RequestInit = {}, query: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(`/api/comments${path}?${new URLSearchParams({ organization, ...query })}`, init);
  if (response.ok) return response;
  const problem: unknown = await response.json().catch(() => null);
  const code = typeof problem === "object" && problem !== null && "code" in problem && typeof problem.code === "string" ? problem.code : "UNEXPECTED";
  // What is broken on the way or over there may work in a moment: it is no answer to what was asked.
  if (response.status >= 500 && code === "UNEXPECTED") throw new Error(`comments answered ${response.status}`);
  throw new NotTaken(code);
}

const sent = (method: "POST" | "PATCH", body: object, headers: Record<string, string>): RequestInit => ({
  method,
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(body),
});

const bodyOf = ({ document, text }: Words) => (document ? { document } : { text });

export const readComments = async (organization: string, article: string, query: Record<string, string>) =>
  (await (await ask(organization, "", {}, { article, ...query })).json()) as CommentPage;

export const sendComment = async (organization: string, article: string, parentId: string | null, words: Words, key: string) =>
  (await (await ask(organization, "", sent("POST", { article, parentId, ...bodyOf(words) }, { "Idempotency-Key": key }))).json()) as CommentView;

export const sendEdit = async (organization: string, { id, version }: Pick<CommentView, "id" | "version">, words: Words) =>
  (await (await ask(organization, `/${id}`, sent("PATCH", bodyOf(words), { "If-Match": `"${version}"` }))).json()) as CommentView;

export const sendDeletion = async (organization: string, id: string): Promise<void> => {
  await ask(organization, `/${id}`, { method: "DELETE" });
};
