import { env } from "@/lib/platform/env";
import type { MailBody, Part } from "./body";
import type { NewsArticle } from "./content";
import { newsFactsOf, type NewsFacts } from "../news/rules";
import type { Matter } from "./matter";
import type { Reader } from "./reader";

/** The parts that mails and pushes about articles share. */
export const articleUrl = (organizationSlug: string, articleId: string, commentId?: string) =>
  `${env().APP_URL}/${organizationSlug}/articles/${articleId}${commentId ? `#${commentId}` : ""}`;

export const placeOf = ({ feedName, workspaceName }: NewsArticle) => (feedName ? `${feedName} · ${workspaceName}` : workspaceName);

export const excerptOf = ({ t }: Reader, { excerpt }: NewsArticle): Part[] => (excerpt.trim() ? [{ kind: "prose", label: t("article.excerpt"), text: excerpt.trim() }] : []);

export const authorAndPlace = ({ t, formats }: Reader, article: NewsArticle, until: Date | null = null): Part => ({
  kind: "facts",
  rows: [
    { label: t("article.author"), lines: [{ text: article.authorName }] },
    { label: t("article.where"), lines: [{ text: placeOf(article) }] },
    ...(until ? [{ label: t("article.until"), lines: [{ text: formats.dayTime(until) }] }] : []),
  ],
});

/** A mail about an article itself: what it is, how it begins, and one button. */
export function articleMail(
  { article, organizationSlug }: { article: NewsArticle; organizationSlug: string },
  reader: Reader,
  said: { kind: string; subject: string; lead: string; why: string; button: string; until?: Date | null },
): MailBody {
  return {
    subject: said.subject,
    preview: article.excerpt.trim() || said.lead,
    kind: said.kind,
    title: article.title,
    lead: said.lead,
    parts: [
      ...excerptOf(reader, article),
      authorAndPlace(reader, article, said.until ?? null),
      { kind: "buttons", label: null, buttons: [{ label: said.button, href: articleUrl(organizationSlug, article.id), primary: true }] },
    ],
    footer: [said.why],
  };
}

export const factsIn = ({ payload }: Matter): NewsFacts => newsFactsOf(payload);
export const actorIn = ({ actor }: NewsFacts, { lines }: Reader) => actor?.name || lines("news.somebody");
