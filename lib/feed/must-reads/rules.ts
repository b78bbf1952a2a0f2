/** So long before it is due, who has not said that they read it is reminded. */
export const remindAheadMs = 24 * 60 * 60 * 1000;

/** Somebody may remind the readers of an article once in so long. */
export const remindEverySeconds = 24 * 60 * 60;

/** How often one person may ask for that meanwhile. */
export const triesADay = 5;

/** Events name at most as many people. */
export const remindedPerEvent = 1000;

/** What is due within a day is reminded of by its publication. */
export const isRemindedAlready = (dueAt: Date | null, now: Date) => dueAt !== null && dueAt.getTime() - remindAheadMs <= now.getTime();

/** The last reader of a page: what the list is sorted by, and who it was. */
export const cursorOfReader = (key: string, memberId: string) => Buffer.from(JSON.stringify([key, memberId])).toString("base64url");

/** Null when it is none that was given out. */
export function readReaderCursor(cursor: string): { key: string; memberId: string } | null {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (!Array.isArray(read)) return null;
    const [key, memberId] = read as unknown[];
    const text = typeof key === "string" && typeof memberId === "string" && !`${key}${memberId}`.includes("\u0000");
    return text ? { key, memberId } : null;
  } catch {
    return null;
  }
}
