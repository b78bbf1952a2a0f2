import { isId } from "@/lib/platform/ids";
import { instantInput } from "@/lib/platform/instant-input";

/** A place in a feed: the instant that sorts it, and the article that decides between two of one instant. */
export interface ListPlace {
  at: Date;
  articleId: string;
}

/** Before everything: what an empty feed is as new as. */
const nowhere: ListPlace = { at: new Date(0), articleId: "" };

export const cursorOf = ({ at, articleId }: ListPlace = nowhere): string => Buffer.from(`${at.toISOString()} ${articleId}`).toString("base64url");

/** Null when it is none that was given out. */
export function readCursor(cursor: string): ListPlace | null {
  const [at = "", articleId = ""] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  if (!instantInput.safeParse(at).success || !(articleId === "" || isId("article", articleId))) return null;
  return { at: new Date(at), articleId };
}
