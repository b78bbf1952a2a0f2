import { namedAndOthers, type CommentType } from "../news/rules";
import { actorIn, articleUrl, authorAndPlace, factsIn } from "./article";
import type { Part } from "./body";
import type { CommentsContent } from "./content";
import { titleOf } from "./news-words";
import type { Reader } from "./reader";
import type { MailTemplate } from "./template";

/** What mails and pushes about comments share: one, or several that came close together. */
const commentsShown = 20;

export const comments = (type: CommentType): MailTemplate<CommentsContent> => ({
  mail: (content, reader) => {
    const { article, said, organizationSlug } = content;
    const { t } = reader;
    const [newest] = said;
    const line = lineOf(content, type, reader);
    const shown = said.slice(0, commentsShown);
    const written: Part = {
      kind: "people",
      label: t("comments.written", { count: said.length }),
      people: shown.toReversed().map((one) => ({
        name: one.name || reader.lines("news.somebody"),
        note: t(`comments.note.${one.kind}`, { when: reader.formats.dayTime(one.at) }),
        ...(one.words.trim() ? { quote: one.words.trim() } : {}),
      })),
      more: said.length > shown.length ? t("more", { count: said.length - shown.length }) : null,
    };
    return {
      subject: line,
      preview: newest?.words.trim() || line,
      kind: t("comments.kind", { workspace: article.workspaceName }),
      title: article.title,
      lead: line,
      parts: [
        written,
        authorAndPlace(reader, article),
        { kind: "buttons", label: null, buttons: [{ label: t("comments.open"), href: articleUrl(organizationSlug, article.id, newest?.commentId), primary: true }] },
      ],
      footer: [t(whys[content.why])],
    };
  },
  push: (_, reader, matter) => {
    const facts = factsIn(matter);
    const actor = actorIn(facts, reader);
    const words = facts.comment?.excerpt;
    return {
      title: titleOf(facts, reader),
      body: words ? reader.push("comment.body", { actor, words }) : reader.push("comment.bare", { actor }),
      discreet: reader.push(discreets[type]),
    };
  },
});

export const commentAdded = comments("comment.added");
export const commentReplied = comments("comment.replied");
export const commentMentioned = comments("comment.mentioned");

const whys = { mentioned: "why.mentionedInNews", replied: "why.repliedInNews", wrote: "why.wroteNews", follow: "why.followNews" } as const;
const discreets = { "comment.added": "comment.discreet", "comment.replied": "comment.repliedDiscreet", "comment.mentioned": "comment.mentionedDiscreet" } as const;

/** As the inbox says it, of what is told in this mail. */
function lineOf({ article: { title }, said }: CommentsContent, type: CommentType, { lines, list }: Reader): string {
  const names = [...new Set(said.map(({ name }) => name || lines("news.somebody")))];
  const { named, others } = namedAndOthers(names);
  const mentioned = said.some(({ kind }) => kind === "mentioned") ? "yes" : "no";
  if (said.length === 1) return lines(`${said[0] ? (`comment.${said[0].kind}` as const) : type}.line`, { actor: named[0] ?? "", title });
  if (named.length === 1 && others === 0) return lines("news.commentsOfOne", { actor: named[0] ?? "", title, count: said.length, mentioned });
  return lines("news.comments", { people: list([...named, ...(others > 0 ? [lines("others", { count: others })] : [])]), title, mentioned });
}
