import { actorIn, articleMail, factsIn } from "./article";
import type { ArticleContent } from "./content";
import { alsoSaid } from "./meeting";
import { titleOf } from "./news-words";
import type { MailTemplate } from "./template";

export const articlePublished: MailTemplate<ArticleContent> = {
  mail: (content, reader) => {
    const { article, mustRead } = content;
    const { t, formats } = reader;
    const words = { title: article.title, author: article.authorName, workspace: article.workspaceName };
    const until = mustRead?.dueAt ?? null;
    return articleMail(content, reader, {
      kind: mustRead ? t("article.mustRead") : t("article.kind", words),
      subject: t(mustRead ? "article.asked.subject" : "article.published.subject", words),
      lead: [t(mustRead ? "article.asked.lead" : "article.published.lead", words), ...(until ? [t("article.askedUntil", { when: formats.dayTime(until) })] : [])].join(" "),
      why: t("why.workspace", words),
      button: t(mustRead ? "article.confirm" : "article.open"),
      until,
    });
  },
  push: (_, reader, matter) => {
    const facts = factsIn(matter);
    const published = reader.push("article.published", { actor: actorIn(facts, reader), asks: facts.mustRead ? "yes" : "no" });
    return { title: titleOf(facts, reader), body: alsoSaid(published, facts.article?.excerpt), discreet: reader.push("article.discreet") };
  },
};
