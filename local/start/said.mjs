// @ts-check

/**
 * What of a program's output a person at the terminal needs: errors, not the daily log. Null for nothing.
 * @param {string} line
 * @param {"stdout" | "stderr"} stream
 */
export function worthTelling(line, stream) {
  const text = line.trim();
  if (!text) return null;
  if (!text.startsWith("{")) return stream === "stderr" ? text : null;
  try {
    const { level, msg, message, err, error } = JSON.parse(text);
    const isError = typeof level === "number" ? level >= 50 : ["error", "fatal"].includes(String(level));
    if (!isError) return null;
    const cause = err?.message ?? error?.message ?? (typeof error === "string" ? error : "");
    return [msg ?? message ?? text, cause].filter(Boolean).join(": ");
  } catch {
    return text;
  }
}
