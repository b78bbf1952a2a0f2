import { and, count, eq, isNotNull } from "drizzle-orm";
import { inTenant } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { isPlain, textOfDocument } from "../../document/plain/rules";
import { plainTextOf } from "../../document/rules";
import { draftOf, type DraftView } from "../../drafts/queries";
import { mayPin } from "../../policy";
import { countReaders } from "../../readers/queries";
import { pinsMax } from "../rules";
import { articlePlaces } from "../tables";

export interface WritingView extends DraftView {
  /** For a page without scripts: the words, and whether there is more to it than they say. */
  plain: { text: string; rich: boolean };
  /** Its words as readers read them, for the cards of what they name. */
  words: string;
  /** Whether the member may pin it where it is written, and whether there is room for another. */
  pin: "possible" | "full" | "no";
  /** How many people besides its author would read it where it is to be read now. */
  readers: number;
}

/** What the page of an article that is being written opens with. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN. */
export async function writingOf(member: Member, articleId: string): Promise<WritingView> {
  const draft = await draftOf(member, articleId);
  const home = draft.workspaces.find((workspace) => workspace.home);
  const chosen = draft.workspaces.filter((workspace) => workspace.chosen || workspace.home).map(({ id }) => id);
  return {
    ...draft,
    plain: { text: textOfDocument(draft.document), rich: !isPlain(draft.document) },
    words: `${draft.title}\n${plainTextOf(draft.document)}`,
    pin: mayPin(member) && home ? ((await countPins(member, home.id)) < pinsMax ? "possible" : "full") : "no",
    readers: await countReaders(member, articleId, chosen),
  };
}

const countPins = (member: Member, workspaceId: string): Promise<number> =>
  inTenant(member, async (tx) => {
    const [row] = await tx
      .select({ pins: count() })
      .from(articlePlaces)
      .where(and(eq(articlePlaces.organizationId, member.organizationId), eq(articlePlaces.workspaceId, workspaceId), isNotNull(articlePlaces.pinnedAt)));
    return row?.pins ?? 0;
  });
