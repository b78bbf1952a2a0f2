import { Temporal } from "temporal-polyfill";

/**
 * From the fields of the form to `writingInput`: `intent`, `title`, `text`, `coverId`, `revision`, `basedOn`, `version`, `feedId`,
 * `workspaceId` (repeated), `when` (`later` with `date` and `time`), `notify`, `commentsOpen`, `pinned`,
 * `mustRead` with `dueDate`.
 */
export function writingShape(form: FormData): Record<string, unknown> {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  const plain = form.has("title");
  return {
    intent: text("intent") || "publish",
    plain,
    ...(plain && { title: text("title"), coverId: text("coverId") || null }),
    // A form that is sent before the editor came to life has neither: the words stay as they were saved.
    ...(form.has("text") && { text: text("text") }),
    revision: Number(text("revision")),
    basedOn: Number(text("basedOn")),
    ...(text("version") !== "" && { version: Number(text("version")) }),
    ...(text("feedId") !== "" && { feedId: text("feedId") }),
    workspaceIds: form.getAll("workspaceId"),
    publishAt: text("when") === "later" ? { date: text("date"), time: text("time") } : null,
    notify: form.get("notify") === "on",
    commentsOpen: form.get("commentsOpen") === "on",
    pinned: form.get("pinned") === "on",
    mustRead: form.get("mustRead") === "on" ? { dueDate: text("dueDate") || null } : null,
  };
}

/**
 * The instant of a wall-clock time. Where clocks jump over it, the first that there is; where they show it twice, the earlier
 * (RFC 5545, 3.3.5).
 */
export const instantOf = ({ date, time }: { date: string; time: string }, timeZone: string): string =>
  Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone, { disambiguation: "compatible" }).toInstant().toString();

/** Somebody has the whole day. */
export const endOfDay = (date: string, timeZone: string): string => instantOf({ date, time: "23:59" }, timeZone);
