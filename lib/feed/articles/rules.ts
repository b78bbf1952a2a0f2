import type { FieldFault } from "@/lib/platform/errors";
import { describeFault } from "@/lib/platform/validation";
import { isBlank, mediaIn, type ArticleDocument } from "../document/rules";
import { mayPublish } from "../policy";
import type { Posting } from "../feeds/bounds/inputs";

/** What is written: a draft, an article, or a version of one. */
export interface Content {
  title: string;
  document: ArticleDocument;
  coverId: string | null;
}

/** As many may be pinned in a workspace: what is pinned must not bury what is new. */
export const pinsMax = 3;

/** How far ahead an article may be scheduled. */
export const scheduleAheadMs = 366 * 24 * 60 * 60 * 1000;

/** So long a deleted article is kept before it is purged. */
export const keptDeletedMs = 30 * 24 * 60 * 60 * 1000;

/** So long an article that was begun waits for its first word. */
export const keptUnwrittenMs = 7 * 24 * 60 * 60 * 1000;

/** Why something cannot be published yet, each at its field. */
export function contentFaults({ title, document }: Pick<Content, "title" | "document">): FieldFault[] {
  return [
    ...(title.trim() === "" ? [fault("title", "required")] : []),
    ...(isBlank(document) ? [fault("document", "required")] : []),
  ];
}

const fault = (field: string, code: string): FieldFault => ({ path: [field], code, detail: describeFault(code) });

export const mediaOfContent = ({ document, coverId }: Pick<Content, "document" | "coverId">): string[] => [
  ...new Set([...mediaIn(document), ...(coverId === null ? [] : [coverId])]),
];

/** Why what was scheduled was not published at its instant. */
export const stopReasons = ["author-removed", "author-left", "feed-archived", "feed-for-admins"] as const;
export type StopReason = (typeof stopReasons)[number];

/** Whether the author of something scheduled may still publish it; null is yes. */
export function whyStopped(
  author: { removed: boolean; inWorkspace: boolean; role: "owner" | "admin" | "member" },
  feed: { posting: Posting; archivedAt: Date | null },
): StopReason | null {
  if (author.removed) return "author-removed";
  if (!author.inWorkspace) return "author-left";
  if (feed.archivedAt) return "feed-archived";
  return mayPublish(author, feed) ? null : "feed-for-admins";
}
