import type { Content, SaveEvent, Stored } from "./autosave";

const answerWithinMs = 20_000;
/** Browsers let at most 64 KB outlive a page. */
const outlivesBytes = 60_000;

interface Call {
  organization: string;
  articleId: string;
  tab: string;
  revision: number;
  /** The version of the article that was on the screen when the draft was begun. */
  basedOn: number;
}

/** Sends what is written to the server and says what came of it. Small ones outlive the page that sends them. */
export async function saveCall({ organization, articleId, tab, revision, basedOn }: Call, content: Content): Promise<SaveEvent> {
  const body = JSON.stringify({ title: content.title, document: content.document, coverId: content.coverId, revision, tab, ...(revision === 0 && { basedOn }) });
  const response = await fetch(`/api/articles/${articleId}/draft?${new URLSearchParams({ organization })}`, {
    method: "PUT",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body,
    keepalive: body.length * 3 < outlivesBytes || new TextEncoder().encode(body).length < outlivesBytes,
    signal: AbortSignal.timeout(answerWithinMs),
  }).catch(() => null);
  if (!response || response.status >= 500 || response.status === 429) return { type: "unreachable" };
  const answer: unknown = await response.json().catch(() => null);
  if (!isFields(answer)) return { type: "unreachable" };
  if (response.ok) return { type: "saved", revision: Number(answer.revision), savedAt: String(answer.savedAt) };
  const stored = answer.code === "EDIT_CONFLICT" ? storedOf(answer) : null;
  if (stored) return { type: "overtaken", stored };
  return { type: "refused", code: String(answer.code ?? "UNEXPECTED"), detail: faultOf(answer) };
}

/** What the server has now; null when it does not say. */
export async function storedCall(organization: string, articleId: string): Promise<(Stored & { basedOn: number }) | null> {
  const response = await fetch(`/api/articles/${articleId}/draft?${new URLSearchParams({ organization })}`, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(answerWithinMs),
  }).catch(() => null);
  const answer: unknown = response?.ok ? await response.json().catch(() => null) : null;
  const stored = isFields(answer) ? storedOf(answer) : null;
  return stored && isFields(answer) ? { ...stored, basedOn: Number(answer.basedOn) || 0 } : null;
}

const isFields = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

export function storedOf(answer: Record<string, unknown>): Stored | null {
  const { title, document, coverId, revision, tab, updatedAt } = answer;
  if (typeof title !== "string" || typeof revision !== "number" || !isFields(document) || document.type !== "doc") return null;
  return {
    title,
    document: document as unknown as Stored["document"],
    coverId: typeof coverId === "string" ? coverId : null,
    revision,
    tab: typeof tab === "string" ? tab : null,
    updatedAt: typeof updatedAt === "string" ? updatedAt : "",
  };
}

/** The first field's code, which `messages/<locale>/faults.json` words. */
function faultOf({ errors }: Record<string, unknown>): string {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return isFields(first) && typeof first.code === "string" ? first.code : "";
}
