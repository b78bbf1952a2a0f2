import { actorIn, articleMail, factsIn } from "./article";
import type { ArticleContent } from "./content";
import { titleOf } from "./news-words";
import type { MailTemplate } from "./template";

export const articleMentioned: MailTemplate<ArticleContent & { actorName: string }> = {
  mail: (content, reader) => {
    const { t } = reader;
    const words = { title: content.article.title, actor: content.actorName, workspace: content.article.workspaceName };
    return articleMail(content, reader, {
      kind: t("article.kind", words),
      subject: t("article.mentioned.subject", words),
      lead: t("article.mentioned.lead", words),
      why: t("why.mentionedInNews"),
      button: t("article.open"),
    });
  },
  push: (_, reader, matter) => {
    const facts = factsIn(matter);
    return { title: titleOf(facts, reader), body: reader.push("article.mentioned", { actor: actorIn(facts, reader) }), discreet: reader.push("article.mentionedDiscreet") };
  },
};
