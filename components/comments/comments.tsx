import { randomUUID } from "node:crypto";
import type { ReactNode } from "react";
import { DocumentBody } from "@/components/articles/document";
import type { Cards } from "@/components/issues/issue-text";
import { keysInText } from "@/lib/integrations/issues/keys/inputs";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { CommentPage } from "@/lib/feed/comments/mappings";
import { Conversation } from "./conversation";

interface Props {
  /** Slug. */
  organization: string;
  articleId: string;
  me: { id: string; name: string };
  viewer: Viewer;
  now: Date;
  /** Of `commentsAt(member, articleId, { around: query.comment, cursor: query.comments })`. */
  page: CommentPage;
  /** Whether likes are taken: not where the article is archived. */
  likes: boolean;
  /** Whether `cursor` was asked for. */
  isEarlier?: boolean;
  cards?: Promise<Cards>;
}

/** The conversation at an article: whole in the HTML, forms included, and live with scripts. */
export function Comments({ organization, articleId, me, viewer, now, page, likes, isEarlier = false, cards }: Props) {
  const formats = formatsFor(viewer);
  const said = Object.fromEntries(page.comments.map(({ createdAt }) => [createdAt, { ago: formats.relative(createdAt, now), exact: formats.exact(createdAt) }]));
  const people = new Map(Object.entries(page.people));
  const rendered: Record<string, ReactNode> = {};
  for (const { id, version, document, text } of page.comments) {
    if (!cards || !document || keysInText(text).length === 0) continue;
    rendered[`${id} ${version}`] = <DocumentBody variant="comment" document={document} people={people} cards={cards} organization={organization} />;
  }
  return (
    <ClientMessages namespaces={["comments", "editor"]}>
      <Conversation {...{ organization, articleId, me, page, likes, isEarlier, rendered }} idempotencyKey={randomUUID()} times={{ viewer: viewerOf(viewer), said }} />
    </ClientMessages>
  );
}

/** Of a member only what is needed to say a time: the rest of them stays on the server. */
const viewerOf = ({ locale, timeZone, hourCycle, weekStart }: Viewer): Viewer => ({ locale, timeZone, hourCycle, weekStart });
