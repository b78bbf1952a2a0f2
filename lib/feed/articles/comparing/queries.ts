import type { Member } from "@/lib/organizations/actor";
import { plainTextOf } from "../../document/rules";
import { articleVersion, type VersionView } from "../history/queries";
import { compareContents, type ComparedLine } from "./rules";

export interface ComparedVersion extends VersionView {
  /** With the version before it; null for the first. */
  changes: ComparedLine[] | null;
  /** Its words as readers read them, for the cards of what they name. */
  words: string;
}

/** One version, and what it changed. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN. */
export async function comparedVersion(member: Member, articleId: string, version: number): Promise<ComparedVersion> {
  const shown = await articleVersion(member, articleId, version);
  const before = version > 1 ? await articleVersion(member, articleId, version - 1) : null;
  return { ...shown, changes: before && compareContents(before, shown), words: `${shown.title}\n${plainTextOf(shown.document)}` };
}
