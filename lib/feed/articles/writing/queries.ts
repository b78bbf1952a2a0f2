import type { Member } from "@/lib/organizations/actor";
import { isPlain, textOfDocument } from "../../document/plain/rules";
import { plainTextOf } from "../../document/rules";
import { draftOf, type DraftView } from "../../drafts/queries";
import { countReaders } from "../../readers/queries";

export interface WritingView extends DraftView {
  /** For a page without scripts: the words, and whether there is more to it than they say. */
  plain: { text: string; rich: boolean };
  /** Its words as readers read them, for the cards of what they name. */
  words: string;
  /** How many people besides its author would read it where it is to be read now. */
  readers: number;
}

/** What the page of an article that is being written opens with. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN. */
export async function writingOf(member: Member, articleId: string): Promise<WritingView> {
  const draft = await draftOf(member, articleId);
  const chosen = draft.workspaces.filter((workspace) => workspace.chosen || workspace.home).map(({ id }) => id);
  return {
    ...draft,
    plain: { text: textOfDocument(draft.document), rich: !isPlain(draft.document) },
    words: `${draft.title}\n${plainTextOf(draft.document)}`,
    readers: await countReaders(member, articleId, chosen),
  };
}
