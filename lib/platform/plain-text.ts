/** Marks that turn the direction of the text around them, and controls: in a line of somebody's inbox they would only mislead. */
const misleading = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/** Text of strangers as it may stand in ours. Half of a surrogate pair is no text, and `encodeURIComponent` throws on it. */
export const plainText = (value: string) => value.replace(/\r\n?/g, "\n").replace(/\p{Cs}/gu, "\uFFFD").replace(misleading, "");

/** The same on one line. */
export const plainLine = (value: string) => plainText(value).replace(/[\s\u2028\u2029]+/g, " ").trim();

/** By code points, so that no character is cut in half. */
export function shortened(text: string, max: number): string {
  const points = [...text.trim()];
  return points.length <= max ? points.join("") : `${points.slice(0, max - 1).join("").trimEnd()}…`;
}
