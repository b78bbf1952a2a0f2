import { articleMail, factsIn } from "./article";
import type { ArticleContent } from "./content";
import { titleOf } from "./news-words";
import type { MailTemplate } from "./template";

export const acknowledgementDue: MailTemplate<ArticleContent> = {
  mail: (content, reader) => {
    const { article, mustRead } = content;
    const { t, formats } = reader;
    const words = { title: article.title, author: article.authorName };
    const until = mustRead?.dueAt ?? null;
    return articleMail(content, reader, {
      kind: t("article.due.kind"),
      subject: t("article.due.subject", words),
      lead: [t("article.due.lead", words), ...(until ? [t("article.askedUntil", { when: formats.dayTime(until) })] : [])].join(" "),
      why: t("why.askedToRead"),
      button: t("article.confirm"),
      until,
    });
  },
  push: (_, reader, matter) => ({ title: titleOf(factsIn(matter), reader), body: reader.push("article.due"), discreet: reader.push("article.dueDiscreet") }),
};
