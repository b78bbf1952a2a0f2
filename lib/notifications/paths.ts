import { newsPath } from "./news/paths";
import { isNewsType } from "./news/rules";
import { linkedPath } from "./plugin-events/paths";

/** The page here that a notification leads to, where its type alone does not say it; null where there is none. */
export const pathOf = (type: string, subjectId: string, payload: Record<string, unknown>): string | null =>
  isNewsType(type) ? newsPath(payload) : linkedPath(type, subjectId);
